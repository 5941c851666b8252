"""What one request does to a store in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

from tests.memory.tables import Tables

T = TypeVar("T")


class Kept:
    """What all requests share: the tables, their next key, and the turn to write."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.keys = count(1)
        self.turn = asyncio.Lock()


class MemorySession:
    """One request's way to what is kept; a transaction writes on a copy, and puts it in place."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._draft: Tables | None = None

    @property
    def tables(self) -> Tables:
        """What the request may read: its own transaction, or what others have committed."""
        return self._kept.tables if self._draft is None else self._draft

    @property
    def writable(self) -> Tables:
        """The transaction's own; raises `RuntimeError` if there is none."""
        if self._draft is None:
            raise RuntimeError("Writing needs a transaction.")
        return self._draft

    def next_key(self) -> int:
        """Make a key that nothing has, whatever it is for."""
        return next(self._kept.keys)

    async def transaction(self, write: Callable[[], Awaitable[T]]) -> T:
        """Keep what `write` wrote and return its result, or nothing of it if it raises."""
        if self._draft is not None:
            raise RuntimeError("This session is in a transaction already.")
        async with self._kept.turn:
            self._draft = self._kept.tables.copy()
            try:
                result = await write()
                self._kept.tables = self._draft
            finally:
                self._draft = None
        return result
