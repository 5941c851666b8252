"""Sessions, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import Select, delete, select, update

import domain
from persistence.models import SessionRecord, UserRecord
from persistence.session import RequestSession
from persistence.users import SqlUserRepository


class SqlSessionRepository:
    """`domain.SessionRepository` over a request's session with the database."""

    def __init__(self, session: RequestSession) -> None:
        self._session = session

    async def find_by_token(
        self, token_digest: str, *, at: datetime
    ) -> tuple[domain.Session, domain.Role] | None:
        statement = (
            select(SessionRecord, UserRecord.role)
            .join(SessionRecord.user)
            .where(SessionRecord.token_digest == token_digest, SessionRecord.expires_at > at)
        )
        for record, role in await self._session.rows(statement, latest=True):
            self._session.reads.follow(record.last_write_at, at)
            return record.to_entity(), role
        return None

    async def get_many_by_user(
        self, user_id: domain.UserId, *, at: datetime
    ) -> Sequence[domain.Session]:
        statement = newest_first(user_id).where(SessionRecord.expires_at > at)
        return [record.to_entity() for (record,) in await self._session.rows(statement)]

    async def create(self, session: domain.NewSession) -> domain.Session:
        await self._delete_stale(session.user_id, at=session.created_at)
        written_at = datetime.now(UTC)  # a password may have been hashed since it began
        record = SessionRecord(**asdict(session), last_write_at=written_at)
        return (await self._session.add(record)).to_entity()

    async def update_last_seen(self, id: domain.SessionId, *, at: datetime) -> None:
        due = SessionRecord.last_seen_at <= at - domain.SEEN_EVERY
        statement = update(SessionRecord).where(SessionRecord.id == id, due)
        await self._session.change(statement.values(last_seen_at=at))

    async def update_last_write(self, id: domain.SessionId, *, at: datetime) -> None:
        """Note that a session writes, so that its next requests read what it wrote."""
        statement = update(SessionRecord).where(SessionRecord.id == id)
        await self._session.change(statement.values(last_write_at=at))

    async def delete(self, id: domain.SessionId, *, user_id: domain.UserId) -> None:
        own = (SessionRecord.id == id) & (SessionRecord.user_id == user_id)
        if not await self._session.change(delete(SessionRecord).where(own)):
            raise domain.NotFound("Session", id)

    async def delete_by_user(self, user_id: domain.UserId) -> int:
        of_user = SessionRecord.user_id == user_id
        return await self._session.change(delete(SessionRecord).where(of_user))

    async def _delete_stale(self, user_id: domain.UserId, *, at: datetime) -> None:
        """Delete a user's expired sessions, and the oldest, to leave room for a new one."""
        users = SqlUserRepository(self._session, None)
        await users.get_for_update(user_id)  # so that two do not use the same room
        sessions = [record for (record,) in await self._session.rows(newest_first(user_id))]
        kept = [record.id for record in sessions if record.expires_at > at]
        stale = {record.id for record in sessions} - {*kept[: domain.MAX_SESSIONS - 1]}
        if stale:
            await self._session.change(delete(SessionRecord).where(SessionRecord.id.in_(stale)))


def newest_first(user_id: domain.UserId) -> Select[SessionRecord]:
    """Select a user's sessions."""
    return (
        select(SessionRecord)
        .where(SessionRecord.user_id == user_id)
        .order_by(SessionRecord.created_at.desc(), SessionRecord.id.desc())
    )
