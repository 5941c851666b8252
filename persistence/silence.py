"""A server that has gone silent is told from one that takes its time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress

from persistence.failures import ConnectionLost, Unreachable

SUSPICION_SECONDS = 0.5


class SilenceWatch:
    """Knocks at a server while somebody waits for it, and has them give up if nobody opens.

    A network that fails, or a machine that hangs, ends no connection: what is asked there would
    be waited for until its time limit, as if the server were at it.
    """

    def __init__(self, knock: Callable[[], Awaitable[None]]) -> None:
        self._knock = knock
        self._waiting = set[Callable[[], None]]()
        self._knocking: asyncio.Task[None] | None = None

    @contextmanager
    def watching(self, give_up: Callable[[], None]) -> Generator[None]:
        """Call `give_up` if the block takes long and the server is silent meanwhile."""
        timer = asyncio.get_running_loop().call_later(SUSPICION_SECONDS, self._wonder, give_up)
        try:
            yield
        finally:
            timer.cancel()
            self._waiting.discard(give_up)

    async def close(self) -> None:
        """Stop knocking."""
        if self._knocking is not None:
            self._knocking.cancel()
            await asyncio.gather(self._knocking, return_exceptions=True)

    def _wonder(self, give_up: Callable[[], None]) -> None:
        self._waiting.add(give_up)
        if self._knocking is None or self._knocking.done():
            self._knocking = asyncio.create_task(self._keep_knocking())

    async def _keep_knocking(self) -> None:
        while self._waiting:
            try:
                with suppress(ConnectionLost):  # whoever hangs up has answered
                    await self._knock()
            except Unreachable as error:
                if error.was_silent:  # and so has whoever refuses
                    for give_up in [*self._waiting]:
                        give_up()
            await asyncio.sleep(SUSPICION_SECONDS)
