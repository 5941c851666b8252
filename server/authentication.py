"""Who asks: the token that a request shows, and the session behind it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Self

import domain
from persistence import Database

BEARER = re.compile(rb"bearer +([A-Za-z0-9_-]{43})", re.IGNORECASE)
CHALLENGE = 'Bearer realm="inkwell", error="invalid_token"'

FORGET_AFTER_SECONDS = 1.0

log = logging.getLogger("inkwell.authentication")


class InvalidToken(Exception):
    """What a request shows is not the token of a session, or not any more."""


class Authentication:
    """Tells viewers by their tokens, and notes beside their requests when they were seen."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._notes: dict[domain.SessionId, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()
        self.noted = 0
        """How often it was noted that a session is in use."""

    @classmethod
    @asynccontextmanager
    async def over(cls, database: Database) -> AsyncGenerator[Self]:
        """Authenticate by a database's sessions; what is to be noted is, before this ends."""
        authentication = cls(database)
        try:
            yield authentication
        finally:
            await asyncio.gather(*authentication._notes.values())

    async def viewer(self, token: str, work: domain.UnitOfWork) -> domain.SignedIn:
        """Return whoever a token stands for; raises `InvalidToken`."""
        now = datetime.now(UTC)
        found = await work.sessions.find_by_token(domain.digest_of(token), at=now)
        if found is None:
            raise InvalidToken
        session, role = found
        if session.is_due(now):
            self._note(session.id, now)
        return domain.SignedIn(session.user_id, role, session.id)

    def _note(self, id: domain.SessionId, at: datetime) -> None:
        if id not in self._notes:
            self.noted += 1
            self._notes[id] = asyncio.create_task(self._update_last_seen(id, at))
            self._notes[id].add_done_callback(lambda _: self._forget(id))

    def _forget(self, id: domain.SessionId) -> None:
        """Forget a note, once nobody can have read what the session was like before it."""
        loop = asyncio.get_running_loop()
        loop.call_later(FORGET_AFTER_SECONDS, self._notes.pop, id, None)

    async def _update_last_seen(self, id: domain.SessionId, at: datetime) -> None:
        try:
            # One at a time: they are not to take the connections that requests need.
            async with self._turn, self._database.unit_of_work() as work:
                await work.transaction(lambda: work.sessions.update_last_seen(id, at=at))
        except Exception:
            log.exception("That a session is in use could not be noted")


def token_of(authorization: bytes | None) -> str | None:
    """Read the token in an `Authorization` header, if there is one; raises `InvalidToken`."""
    if authorization is None:
        return None
    shown = BEARER.fullmatch(authorization)
    if shown is None:
        raise InvalidToken
    return shown[1].decode()
