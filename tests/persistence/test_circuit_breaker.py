"""A server that does not answer is asked by one, and not by everybody."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from persistence import circuit_breaker
from persistence.circuit_breaker import RETRY_AFTER_SECONDS, CircuitBreaker
from persistence.failures import ConnectionLost, Unreachable

REFUSED = ConnectionRefusedError(111, "Connect call failed")


@pytest.fixture
def breaker() -> CircuitBreaker:
    return CircuitBreaker("postgresql://ada:***@db/inkwell")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """A clock that goes on when it is told to."""
    time = 1_000.0

    def go_on(seconds: float) -> None:
        nonlocal time
        time += seconds

    monkeypatch.setattr(circuit_breaker, "monotonic", lambda: time)
    return go_on


def fail(breaker: CircuitBreaker) -> None:
    with pytest.raises(Unreachable, match="Connect call failed"), breaker.trying():
        raise REFUSED


def test_after_a_failure_nobody_tries_for_a_while(
    breaker: CircuitBreaker, later: Callable[[float], None]
) -> None:
    """Each would wait for as long as the first has; they are told its reason at once."""
    fail(breaker)
    later(RETRY_AFTER_SECONDS * 0.9)

    with pytest.raises(Unreachable, match="Connect call failed"), breaker.trying():
        pytest.fail("It was tried again.")

    assert not breaker.is_closed and not breaker.may_be_tried


def test_a_failure_is_only_ones_own_while_the_server_answers_others(
    breaker: CircuitBreaker, later: Callable[[float], None]
) -> None:
    """A process that is short of time loses the race to connect, and no server is down."""
    with pytest.raises(Unreachable), breaker.trying():
        later(1)
        breaker.note_answer()
        raise REFUSED

    assert breaker.is_closed
    with breaker.trying():
        pass


def test_a_server_that_hangs_up_is_not_away(breaker: CircuitBreaker) -> None:
    """Its administrator ended one session, and the next may be let in."""
    with pytest.raises(ConnectionLost), breaker.trying():
        raise ConnectionResetError

    assert breaker.is_closed


def test_an_answer_from_before_says_nothing(
    breaker: CircuitBreaker, later: Callable[[float], None]
) -> None:
    """Every server that goes down has answered once."""
    breaker.note_answer()
    later(1)

    fail(breaker)

    assert not breaker.is_closed


@pytest.mark.parametrize("failure", [TimeoutError(), REFUSED])
def test_who_may_not_try_is_told_if_the_server_was_silent(
    breaker: CircuitBreaker, later: Callable[[float], None], failure: Exception
) -> None:
    """Who waits for its answer gives up, though it is always others who find it silent."""
    with pytest.raises(Unreachable), breaker.trying():
        raise failure
    later(RETRY_AFTER_SECONDS)

    with pytest.raises(Unreachable), breaker.trying():
        with pytest.raises(Unreachable) as refused, breaker.trying():
            pytest.fail("Two tried at once.")
        raise failure

    assert refused.value.was_silent == isinstance(failure, TimeoutError)


def test_then_one_tries_for_all(breaker: CircuitBreaker, later: Callable[[float], None]) -> None:
    """Not all at once, when it may still be down."""
    fail(breaker)
    later(RETRY_AFTER_SECONDS)

    with breaker.trying():
        assert not breaker.may_be_tried
        with pytest.raises(Unreachable), breaker.trying():
            pytest.fail("Two tried at once.")

    assert breaker.is_closed


def test_a_try_that_is_given_up_leaves_the_next_one_free(
    breaker: CircuitBreaker, later: Callable[[float], None]
) -> None:
    """A client that went away has learnt nothing about the server."""
    fail(breaker)
    later(RETRY_AFTER_SECONDS)

    with pytest.raises(GeneratorExit), breaker.trying():
        raise GeneratorExit

    assert breaker.may_be_tried and not breaker.is_closed


def test_the_log_tells_once_that_it_went_and_once_that_it_came_back(
    breaker: CircuitBreaker, later: Callable[[float], None], caplog: pytest.LogCaptureFixture
) -> None:
    """With where and why; a thousand requests meanwhile add nothing."""
    caplog.set_level(logging.WARNING, "inkwell.persistence")

    for _ in range(3):
        fail(breaker)
        later(RETRY_AFTER_SECONDS)
    for _ in range(3):
        with breaker.trying():
            pass

    assert [record.getMessage() for record in caplog.records] == [
        "No connection to postgresql://ada:***@db/inkwell: [Errno 111] Connect call failed",
        "There is a connection to postgresql://ada:***@db/inkwell again.",
    ]
