"""Sessions, in SQL."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import ClauseElement, Dialect, bindparam, delete, insert, select, update

import domain
from persistence.entities import attributes_of, values_in
from persistence.models import SessionRecord, UserRecord
from persistence.session import RequestSession
from persistence.shapes import Keys
from persistence.statements import Query
from persistence.types import UtcDateTime
from persistence.users import SqlUserRepository

ATTRIBUTES = attributes_of(domain.Session)


class SqlSessionRepository:
    """`domain.SessionRepository` over a request's session with the database."""

    def __init__(self, session: RequestSession) -> None:
        self._session = session

    async def find_by_token(
        self, token_digest: str, *, at: datetime
    ) -> tuple[domain.Session, domain.Role] | None:
        query = Query("by token", by_token, {"token": token_digest, "at": at})
        rows, make = await self._session.rows(query, latest=True)
        for row in rows:
            *values, role, last_write_at = make(row)
            self._session.reads.follow(last_write_at, at)
            return domain.Session(**dict(zip(ATTRIBUTES, values, strict=True))), role
        return None

    async def get_many_by_user(
        self, user_id: domain.UserId, *, at: datetime
    ) -> Sequence[domain.Session]:
        sessions = await self._newest_first(user_id)
        return [session for session in sessions if session.expires_at > at]

    async def create(self, session: domain.NewSession) -> domain.Session:
        await self._delete_stale(session.user_id, at=session.created_at)
        written_at = datetime.now(UTC)  # a password may have been hashed since it began
        values = {**values_in(session), "last_write_at": written_at}
        given = {f"new_{name}": value for name, value in values.items()}
        key = await self._session.insert(Query("begin session", partial(begin, [*values]), given))
        made: dict[str, Any] = {name: values.get(name) for name in ATTRIBUTES}
        return domain.Session(**made | {"id": key})

    async def update_last_seen(self, id: domain.SessionId, *, at: datetime) -> None:
        def build(_: object) -> ClauseElement:
            due = SessionRecord.last_seen_at <= bindparam("due_at")
            statement = update(SessionRecord).where(SessionRecord.id == bindparam("of"), due)
            return statement.values(last_seen_at=bindparam("new_at", type_=UtcDateTime))

        values = {"of": id, "due_at": at - domain.SEEN_EVERY, "new_at": at}
        await self._session.change(Query("seen", build, values))

    async def update_last_write(self, id: domain.SessionId, *, at: datetime) -> None:
        """Note that a session writes, so that its next requests read what it wrote."""

        def build(_: object) -> ClauseElement:
            statement = update(SessionRecord).where(SessionRecord.id == bindparam("of"))
            return statement.values(last_write_at=bindparam("new_at", type_=UtcDateTime))

        await self._session.change(Query("wrote", build, {"of": id, "new_at": at}))

    async def delete(self, id: domain.SessionId, *, user_id: domain.UserId) -> None:
        def build(_: object) -> ClauseElement:
            own = SessionRecord.user_id == bindparam("user")
            return delete(SessionRecord).where(SessionRecord.id == bindparam("of"), own)

        if not await self._session.change(Query("end", build, {"of": id, "user": user_id})):
            raise domain.NotFound("Session", id)

    async def delete_by_user(self, user_id: domain.UserId) -> int:
        def build(_: object) -> ClauseElement:
            return delete(SessionRecord).where(SessionRecord.user_id == bindparam("user"))

        return await self._session.change(Query("end all", build, {"user": user_id}))

    async def _delete_stale(self, user_id: domain.UserId, *, at: datetime) -> None:
        """Delete a user's expired sessions, and the oldest, to leave room for a new one."""
        users = SqlUserRepository(self._session, None)
        await users.get_for_update(user_id)  # so that two do not use the same room
        sessions = await self._newest_first(user_id)
        kept = [session.id for session in sessions if session.expires_at > at]
        stale = {session.id for session in sessions} - {*kept[: domain.MAX_SESSIONS - 1]}
        if stale:
            keys = Keys(self._session.has_arrays)
            values = keys.values(stale)
            shape = "end stale", keys.shape(values)
            await self._session.change(Query(shape, partial(end_all, keys), {"keys": values}))

    async def _newest_first(self, user_id: domain.UserId) -> list[domain.Session]:
        """Read all of a user's sessions."""
        query = Query("of user", newest_first, {"user": user_id}, domain.Session, ATTRIBUTES)
        rows, make = await self._session.rows(query)
        return [make(row) for row in rows]


def columns() -> list[Any]:
    """Name the columns of what becomes a session."""
    return [getattr(SessionRecord, name) for name in ATTRIBUTES]


def by_token(_: object) -> ClauseElement:
    """Select a session that has not expired by its token, the user's role, and its last write."""
    is_fresh = SessionRecord.expires_at > bindparam("at")
    return (
        select(*columns(), UserRecord.role, SessionRecord.last_write_at)
        .join(SessionRecord.user)
        .where(SessionRecord.token_digest == bindparam("token"), is_fresh)
    )


def newest_first(_: object) -> ClauseElement:
    """Select a user's sessions."""
    return (
        select(*columns())
        .where(SessionRecord.user_id == bindparam("user"))
        .order_by(SessionRecord.created_at.desc(), SessionRecord.id.desc())
    )


def begin(names: Sequence[str], dialect: Dialect) -> ClauseElement:
    """Write a new session."""
    table = SessionRecord.__table__
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    statement = insert(SessionRecord).values(new)
    is_told = dialect.name == "postgresql"
    return statement.returning(SessionRecord.id) if is_told else statement


def end_all(keys: Keys, _: object) -> ClauseElement:
    """Delete sessions."""
    return delete(SessionRecord).where(keys.among(SessionRecord.id))
