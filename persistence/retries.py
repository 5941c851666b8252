"""What a database gives up for the sake of others, or loses, is tried again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import uniform
from typing import TypeVar

import domain
from persistence import failures

T = TypeVar("T")

RETRIES = 3
FIRST_PAUSE_SECONDS = 0.05  # at most, and twice as much each time: "full jitter"

log = logging.getLogger("inkwell.persistence")


async def run_anew(attempt: Callable[[], Awaitable[T]]) -> T:
    """Run a transaction to its end, up to `RETRIES` times more while its failure permits that."""
    pauses = (uniform(0, FIRST_PAUSE_SECONDS * 2**n) for n in range(RETRIES))  # noqa: S311 (no secret)
    while True:
        try:
            return await attempt()
        except Exception as error:
            if not may_be_repeated(error):
                raise
            log.info("A transaction was taken back: %s", failures.first_line(error))
            pause_seconds = next(pauses, None)
            if pause_seconds is None:
                raise
        await asyncio.sleep(pause_seconds)


def may_be_repeated(error: Exception) -> bool:
    """Tell whether an error took back whatever was done, and may not come again.

    One of the domain's is an answer, even if a connection was cut for it.
    """
    is_answer = isinstance(error, domain.DomainError)
    return not is_answer and (failures.is_lost_race(error) or failures.is_lost_connection(error))
