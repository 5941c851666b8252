"""What may end a request before it is answered: its client's departure, and the end of its time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

DEPARTURE = "inkwell.departure"
"""The extension of ASGI by which our connections tell when a client goes away."""

T = TypeVar("T")

log = logging.getLogger("inkwell.clients")


class OutOfTime(Exception):
    """What was awaited took too long, and was stopped."""


class Departure:
    """The departure of a client, which one is told of who asks for it before."""

    def __init__(self) -> None:
        self.has_happened = False
        self.tell: Callable[[], None] | None = None

    def happen(self) -> None:
        """Tell that the client has gone."""
        self.has_happened = True
        if self.tell is not None:
            self.tell()


class Watch:
    """Watches over the task that it is made in, until the block ends.

    What it awaits has ended by then, whatever happened.
    """

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        task = asyncio.current_task(self._loop)
        assert task is not None  # noqa: S101 (whoever awaits is in one)
        self._task = task
        self._seconds = seconds
        self._ends_at = self._loop.time() + seconds
        self._timer = self._loop.call_later(seconds, self._look_at_the_time)
        self._departure: Departure | None = None
        self._listening: asyncio.Task[None] | None = None
        self._reason: type[Exception] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._departure is not None:
            self._departure.tell = None
        if self._listening is not None:
            self._listening.cancel()

    def begin_anew(self) -> None:
        """Give what follows as much time as there was before."""
        self._ends_at = self._loop.time() + self._seconds

    def listen(self, scope: Scope, receive: Receive) -> None:
        """Look out for the client's departure from now on; its body has to be read before.

        A server that has no way to tell is asked by a task of its own, which costs more.
        """
        self._departure = scope.get("extensions", {}).get(DEPARTURE)
        if self._departure is not None:
            self._departure.tell = self._leave
            if self._departure.has_happened:
                self._leave()
        else:
            self._listening = self._loop.create_task(self._hear(receive))

    async def over(self, awaited: Awaitable[T]) -> T:
        """Await something; raises `OutOfTime` or `ClientDisconnect` if it had to be stopped."""
        try:
            return await awaited
        except asyncio.CancelledError:
            if self._reason is None or self._task.uncancel():
                raise  # somebody else cancels as well
        except Exception:
            if self._reason is not ClientDisconnect:
                raise
            log.exception("A request that was given up did not end well")
        raise self._reason

    async def _hear(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._leave()

    def _leave(self) -> None:
        self._stop(ClientDisconnect)

    def _look_at_the_time(self) -> None:
        left = self._ends_at - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look_at_the_time)
        else:
            self._stop(OutOfTime)

    def _stop(self, reason: type[Exception]) -> None:
        if self._reason is None:
            self._reason = reason
            self._task.cancel()
