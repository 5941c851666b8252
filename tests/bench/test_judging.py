"""What a measurement does not believe: answers that are missing, late or wrong."""

from __future__ import annotations

import logging
import signal
from pathlib import Path

import pytest

from bench.errors import BenchFailed
from bench.logs import is_right
from bench.servers import Server, running
from bench.wrk import judged
from server.http.request_log import RequestRecord
from server.logs import JsonFormatter

TOLD = (
    '{{"sent": {}, "answered": {}, "seconds": 2.0, "p50_ms": 1.5, "p99_ms": 9.5, '
    '"failed": {}, "refused": {}}}'
)


def line(message: object, level: int = logging.INFO) -> bytes:
    """What the server logs of a message."""
    logged = logging.LogRecord("inkwell.requests", level, "", 0, message, (), None)
    return JsonFormatter().format(logged).encode()


def request(status: int = 200, *codes: str) -> RequestRecord:
    return RequestRecord("3f9c", "POST", "/graphql", status, 1.5, error_codes=codes)


def test_a_drive_is_summed_up() -> None:
    """Per request, and per second of those in which requests were sent."""
    driven = judged("Running 22s test\n" + TOLD.format(400, 400, 0, 0) + "\n", cpu_seconds=0.5)

    assert (driven.requests, driven.requests_per_second, driven.cpu_ms) == (400, 200.0, 1.25)


@pytest.mark.parametrize(
    "told", [TOLD.format(400, 399, 0, 0), TOLD.format(4, 4, 1, 0), TOLD.format(4, 4, 0, 1), ""]
)
def test_a_drive_with_a_failure_counts_for_nothing(told: str) -> None:
    """An error is quickly answered, and would make a server look fast."""
    with pytest.raises(BenchFailed, match="Not every request"):
        judged(f"Running 22s test\n{told}\n", cpu_seconds=0.5)


def test_a_log_of_answers_is_believed() -> None:
    """As the server writes it, whatever the order of its keys."""
    assert is_right(line(request()))


@pytest.mark.parametrize(
    "wrong",
    [
        line(request(503)),
        line(request(200, "TIMEOUT")),
        line("The pool is exhausted.", logging.WARNING),
        b"Traceback (most recent call last):",
    ],
)
def test_a_log_of_anything_else_is_not(wrong: bytes) -> None:
    """GraphQL's errors come with a 200, which wrk takes for success."""
    assert not is_right(wrong)


def test_a_server_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    """Its last words are why."""
    log = tmp_path / "log"

    with (
        pytest.raises(BenchFailed, match=r"No module named bench\.nothing"),
        running(["bench.nothing"], {}, cores=frozenset(), log=log),
    ):
        pass


def test_a_server_that_dies_is_missed(bare: Server) -> None:
    """Or wrk would be told that nobody answers, and nobody why."""
    bare.check()
    bare.process.send_signal(signal.SIGKILL)
    bare.process.wait()

    with pytest.raises(BenchFailed, match="A server died"):
        bare.check()
