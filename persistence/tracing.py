"""What was sent to the database for one request, statement by statement, for who wants to see."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any, TypeVar

from sqlalchemy.pool import PoolProxiedConnection

from persistence.failures import first_line
from persistence.lanes import Found, Lane, Usage
from persistence.servers import Server
from persistence.statements import Query

T = TypeVar("T")

LOCKING = re.compile(r"\bFOR (NO KEY |KEY )?(UPDATE|SHARE)\b|\bLOCK IN SHARE MODE\b")


@dataclass(slots=True, kw_only=True)
class Sent:
    """A statement that was sent, and what came of it; times are by `perf_counter_ns`."""

    text: str
    parameters: Sequence[Any]
    server: str
    cause: Any
    """What it was sent for, as whoever traces tells that."""

    began_at: int
    ended_at: int = 0
    """0 while it runs."""

    rows: int = 0
    """That came back, or were hit."""

    error: str | None = None
    error_type: str | None = None
    """The same without the driver's words, which may have values in them."""

    def duration(self, now: int) -> int:
        """How long it took, or has taken until now, in nanoseconds."""
        return (self.ended_at or now) - self.began_at

    @property
    def kind(self) -> str:
        """What it does, in a word: read, write or transaction."""
        word = self.text.partition(" ")[0].rstrip()
        return {"SELECT": "read", "INSERT": "write", "UPDATE": "write", "DELETE": "write"}.get(
            word, "transaction"
        )

    @property
    def only_reads(self) -> bool:
        """Whether it may be run again: it neither changes nor locks anything."""
        return self.kind == "read" and LOCKING.search(self.text) is None


class TracedUsage(Usage):
    """Keeps each statement that is sent, with what it is for, which is asked when it is sent."""

    def __init__(self, cause: Callable[[], Any]) -> None:
        super().__init__()
        self.cause = cause
        self.sent: list[Sent] = []

    def lane(self, server: Server, lent: PoolProxiedConnection) -> Lane:
        return TracedLane(server, lent, self)


class TracedLane(Lane):
    """A connection whose statements are kept; it has one at a time."""

    __slots__ = ("_last", "_name", "_traced")

    _last: Sent

    def __init__(self, server: Server, lent: PoolProxiedConnection, traced: TracedUsage) -> None:
        super().__init__(server, lent, traced)
        self._name = server.name
        self._traced = traced

    async def fetch(self, query: Query) -> Found:
        found = await super().fetch(query)
        self._last.rows = len(found.rows)
        return found

    async def change(self, query: Query) -> int:
        hit = await super().change(query)
        self._last.rows = hit
        return hit

    async def insert(self, query: Query) -> int | None:
        key = await super().insert(query)
        self._last.rows = int(key is not None)
        return key

    async def _send(
        self,
        run: Callable[[Any, str, Sequence[Any]], Awaitable[T]],
        text: str,
        parameters: Sequence[Any],
    ) -> T:
        self._last = sent = Sent(
            text=text,
            parameters=parameters,
            server=self._name,
            cause=self._traced.cause(),
            began_at=perf_counter_ns(),
        )
        self._traced.sent.append(sent)
        try:
            return await super()._send(run, text, parameters)
        except asyncio.CancelledError as error:
            sent.error, sent.error_type = "It was stopped.", type(error).__name__
            raise
        except Exception as error:
            sent.error, sent.error_type = first_line(error), type(error).__name__
            raise
        finally:
            sent.ended_at = perf_counter_ns()
