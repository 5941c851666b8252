"""Passwords: hashed slowly, in nobody's way, and as slowly for those who have none."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from argon2.profiles import CHEAPEST, PRE_21_2, RFC_9106_LOW_MEMORY

import domain
from server.passwords import Argon2Passwords, nobodys_hash

PASSWORD = "correct horse battery staple"  # noqa: S105 (a famous one)


@pytest.fixture
def passwords() -> Iterator[Argon2Passwords]:
    """What the server uses, as fast as can be."""
    with Argon2Passwords(CHEAPEST) as passwords:
        yield passwords


@pytest.fixture
def slow_passwords() -> Iterator[Argon2Passwords]:
    """What the server uses."""
    with Argon2Passwords() as passwords:
        yield passwords


async def test_a_hash_belongs_to_its_password_alone(passwords: Argon2Passwords) -> None:
    """Case and spaces count, and so does every character beyond ASCII."""
    password_hash = await passwords.hash(PASSWORD + " ö𐍈")

    assert await passwords.verify(password_hash, PASSWORD + " ö𐍈")
    for wrong in (PASSWORD, PASSWORD + " Ö𐍈", PASSWORD + " ö𐍈 ", ""):
        assert not await passwords.verify(password_hash, wrong)


async def test_two_hashes_of_one_password_differ(passwords: Argon2Passwords) -> None:
    """Each has its own salt: equal passwords can't be told from a stolen table."""
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)


async def test_nobody_has_a_password(passwords: Argon2Passwords) -> None:
    """Whatever is guessed."""
    assert not await passwords.verify(None, PASSWORD)
    assert not await passwords.verify(None, "")


@pytest.mark.parametrize(
    "unreadable", ["plain text", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$?$?", "$2b$12$abcdef"]
)
async def test_an_unreadable_hash_is_wrong_and_logged(
    passwords: Argon2Passwords, caplog: pytest.LogCaptureFixture, unreadable: str
) -> None:
    """A damaged row locks one user out, and an operator can learn of it."""
    assert not await passwords.verify(unreadable, PASSWORD)

    (record,) = caplog.records
    assert "could not be verified" in record.message
    assert PASSWORD not in record.message and unreadable not in record.message


async def test_new_parameters_make_old_hashes_outdated(passwords: Argon2Passwords) -> None:
    """So that they are replaced when their owners sign in; they belong to them until then."""
    password_hash = await passwords.hash(PASSWORD)

    with Argon2Passwords(replace(CHEAPEST, time_cost=2)) as stronger:
        assert stronger.is_outdated(password_hash)
        assert await stronger.verify(password_hash, PASSWORD)
        assert not stronger.is_outdated(await stronger.hash(PASSWORD))
    assert not passwords.is_outdated(password_hash)


@pytest.mark.parametrize(
    "parameters",
    [RFC_9106_LOW_MEMORY, PRE_21_2, CHEAPEST, *(replace(CHEAPEST, type=each) for each in Type)],
    ids=lambda parameters: f"{parameters.type.name}-{parameters.memory_cost}",
)
def test_the_hash_of_nobody_costs_what_others_cost(parameters: object) -> None:
    """The work of verifying is decided by the parameters in the hash, and these are the same."""
    assert extract_parameters(nobodys_hash(parameters)) == parameters  # type: ignore[arg-type] # they are


async def test_nobody_takes_as_long_as_somebody(slow_passwords: Argon2Passwords) -> None:
    """Or the time would tell which logins exist, from the very first attempt."""
    password_hash = await slow_passwords.hash(PASSWORD)
    seconds: dict[str | None, list[float]] = {None: [], password_hash: []}

    for _ in range(5):
        for candidate, measured in seconds.items():
            began = time.perf_counter()
            await slow_passwords.verify(candidate, "a wrong guess")
            measured.append(time.perf_counter() - began)

    of_nobody, of_somebody = (statistics.median(measured) for measured in seconds.values())
    assert 1 / 1.5 < of_nobody / of_somebody < 1.5


async def test_other_requests_go_on_while_passwords_are_hashed(
    slow_passwords: Argon2Passwords,
) -> None:
    """One sign-in takes as long as hundreds of reads, and may not hold them up."""
    hashing = [asyncio.create_task(slow_passwords.hash(PASSWORD)) for _ in range(4)]
    turns = 0

    while not all(task.done() for task in hashing):
        await asyncio.sleep(0)
        turns += 1

    assert turns > 1_000


async def test_not_everybody_waits(slow_passwords: Argon2Passwords) -> None:
    """Who would wait for long is told to come back, and those who wait are served."""
    outcomes = await asyncio.gather(
        *(slow_passwords.verify(None, PASSWORD) for _ in range(60)), return_exceptions=True
    )

    refused = [each for each in outcomes if isinstance(each, domain.Busy)]
    assert 0 < len(refused) < 60
    assert outcomes.count(False) == 60 - len(refused)
    assert not await slow_passwords.verify(None, PASSWORD)


async def test_closing_ends_the_threads(passwords: Argon2Passwords) -> None:
    """What waits is given up, so that a server stops when it is told."""
    hashing = [asyncio.create_task(passwords.hash(PASSWORD)) for _ in range(10)]
    await asyncio.sleep(0)

    passwords.close()

    for task in hashing:
        with suppress(asyncio.CancelledError):
            await task
    with pytest.raises(RuntimeError, match="shutdown"):
        await passwords.hash(PASSWORD)
