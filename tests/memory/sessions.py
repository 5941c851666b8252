"""Sessions, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

import domain
from tests.memory.session import MemorySession


class MemorySessionRepository:
    """`domain.SessionRepository` over a request's session with the store."""

    def __init__(self, session: MemorySession) -> None:
        self._session = session

    async def find_by_token(
        self, token_digest: str, *, at: datetime
    ) -> tuple[domain.Session, domain.Role] | None:
        tables = self._session.tables
        for session in tables.sessions.values():
            if tables.token_digests[session.id] == token_digest and session.expires_at > at:
                return session, tables.users[session.user_id].role
        return None

    async def get_many_by_user(
        self, user_id: domain.UserId, *, at: datetime
    ) -> Sequence[domain.Session]:
        sessions = self._session.tables.sessions.values()
        live = [each for each in sessions if each.user_id == user_id and each.expires_at > at]
        return sorted(live, key=lambda each: (each.created_at, each.id), reverse=True)

    async def create(self, session: domain.NewSession) -> domain.Session:
        if session.user_id not in self._session.writable.users:
            raise domain.NotFound("User", session.user_id)
        await self._delete_stale(session.user_id, at=session.created_at)
        values = asdict(session)
        token_digest = values.pop("token_digest")
        created = domain.Session(id=domain.SessionId(self._session.next_key()), **values)
        self._session.writable.sessions[created.id] = created
        self._session.writable.token_digests[created.id] = token_digest
        return created

    async def update_last_seen(self, id: domain.SessionId, *, at: datetime) -> None:
        sessions = self._session.writable.sessions
        if id in sessions and sessions[id].is_due(at):
            sessions[id] = replace(sessions[id], last_seen_at=at)

    async def delete(self, id: domain.SessionId, *, user_id: domain.UserId) -> None:
        session = self._session.writable.sessions.get(id)
        if session is None or session.user_id != user_id:
            raise domain.NotFound("Session", id)
        self._session.writable.delete_session(id)

    async def delete_by_user(self, user_id: domain.UserId) -> int:
        sessions = self._session.writable.sessions.values()
        ended = [each.id for each in sessions if each.user_id == user_id]
        for key in ended:
            self._session.writable.delete_session(key)
        return len(ended)

    async def _delete_stale(self, user_id: domain.UserId, *, at: datetime) -> None:
        """Delete a user's expired sessions, and the oldest, to leave room for a new one."""
        live = await self.get_many_by_user(user_id, at=at)
        kept = {each.id for each in live[: domain.MAX_SESSIONS - 1]}
        for session in [*self._session.writable.sessions.values()]:
            if session.user_id == user_id and session.id not in kept:
                self._session.writable.delete_session(session.id)
