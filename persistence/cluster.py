"""The servers of a database: the primary, and replicas that lag behind it and may be down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import cycle

import domain
from persistence import failures
from persistence.servers import Server

log = logging.getLogger("inkwell.persistence")


class WriteTurn:
    """Waits until this process may write, for a block: on SQLite one transaction does at a time.

    They would wait for each other anyway, but without an order, and each with a connection
    that readers need. Raises `Busy` after the time that one waits for a connection.
    """

    def __init__(self, primary: Server) -> None:
        self._patience_seconds = primary.options.pool_timeout_seconds
        self._lock = asyncio.Lock() if primary.profile.is_local else None

    async def __aenter__(self) -> None:
        if self._lock is None:
            return
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._lock.acquire()
        except TimeoutError:
            reason = TimeoutError(f"others were writing for {self._patience_seconds:g} seconds")
            raise domain.Busy from reason

    async def __aexit__(self, *error: object) -> None:
        if self._lock is not None:
            self._lock.release()


class Cluster:
    """What is written goes to the primary, and what is read comes from a replica if it may.

    A replica that does not answer is left out, and looked at beside the requests.
    """

    def __init__(self, primary: Server, replicas: Sequence[Server], *, lag: timedelta) -> None:
        self.primary = primary
        self.replicas = replicas
        self._lag = lag
        self._turns = cycle(replicas)
        self._complaint = ""
        self._looks = set[asyncio.Task[None]]()
        self.write_turn = WriteTurn(primary)

    def replica(self) -> Server | None:
        """Choose one of those that answer, each in its turn; None if there is none."""
        for _ in self.replicas:
            server = next(self._turns)
            if server.breaker.is_closed:
                return server
            if server.breaker.may_be_tried:
                look = asyncio.create_task(self._look_at(server))
                self._looks.add(look)
                look.add_done_callback(self._looks.discard)
        return None

    def complain(self, server: Server, error: Exception) -> None:
        """Say, unless it was said last, that a replica fails at what the primary is asked now."""
        complaint = f"{server.url} fails as a replica: {failures.first_line(error)}"
        if complaint != self._complaint:
            log.warning(complaint)
            self._complaint = complaint

    def may_lack(self, written_at: datetime | None, now: datetime) -> bool:
        """Tell whether a replica may not have what was written then."""
        return written_at is not None and now < written_at + self._lag

    async def close(self) -> None:
        """Close all connections."""
        for look in self._looks:
            look.cancel()
        await asyncio.gather(*self._looks, return_exceptions=True)
        for server in (self.primary, *self.replicas):
            await server.close()

    async def _look_at(self, server: Server) -> None:
        with suppress(Exception):  # which its breaker has taken note of
            await server.ping()
