"""What the engine's pool lends, and when."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from persistence import Database


def checked_out(database: Database) -> int:
    """How many connections are lent at the moment."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


@contextmanager
def record(database: Database, name: str) -> Generator[list[object]]:
    """Collect the times that something happens in the engine's pool."""
    times: list[object] = []

    def happens(*args: Any) -> None:
        times.append(args)

    event.listen(database.engine.sync_engine, name, happens)
    try:
        yield times
    finally:
        event.remove(database.engine.sync_engine, name, happens)
