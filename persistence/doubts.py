"""Which connections of a pool are tried before they are lent."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

from sqlalchemy.exc import DisconnectionError

from persistence.circuit_breaker import CircuitBreaker
from persistence.dialects import Profile

USED_AT = "used_at"  # of a connection that is not in use
PING_AFTER_IDLE_SECONDS = 1.0
PING_TIMEOUT_SECONDS = 0.4


class Doubts:
    """Tries a connection that lay idle, and each that was last used before another one died."""

    def __init__(self, profile: Profile, breaker: CircuitBreaker) -> None:
        self._profile = profile
        self._breaker = breaker
        self._arose_at = monotonic()

    def arise(self) -> None:
        """Doubt all connections there are, as when one died."""
        self._arose_at = monotonic()

    def note_use(self, dbapi_connection: object, record: Any) -> None:
        """Take note of a connection that comes back, and is not in use any more.

        One that was kept comes back once again when it is checked in, which is no sign of life.
        """
        if USED_AT not in record.info:
            record.info[USED_AT] = monotonic()
            if dbapi_connection is not None:  # as it is if it died
                self._breaker.note_answer()

    def settle(self, dbapi_connection: Any, record: Any, proxy: object) -> None:
        """Refuse a connection that is dead, whereupon the pool makes another."""
        if USED_AT not in record.info or self.settle_at_once(record):
            return
        try:
            dbapi_connection.run_async(self._ping)
        except Exception as error:
            record.invalidate(error)  # SQLAlchemy would, and lose it if it were cancelled meanwhile
            raise DisconnectionError from error
        del record.info[USED_AT]

    def settle_at_once(self, record: Any) -> bool:
        """Have a connection that came back be in use, unless it has to be tried; tell if it is."""
        is_settled = self._profile.is_local or self._was_used_recently(record)
        if is_settled:
            del record.info[USED_AT]
        return is_settled

    def _was_used_recently(self, record: Any) -> bool:
        used_at: float = record.info[USED_AT]
        return used_at > max(monotonic() - PING_AFTER_IDLE_SECONDS, self._arose_at)

    async def _ping(self, connection: Any) -> None:
        """Ask for a sign of life; cut, and not cancelled, or asyncpg would connect to say so."""
        loop = asyncio.get_running_loop()
        end = loop.call_later(PING_TIMEOUT_SECONDS, self._profile.cut, connection)
        try:
            await self._profile.ping(connection)
        finally:
            end.cancel()
