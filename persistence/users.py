"""Users, in SQL."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from typing import ClassVar

from sqlalchemy import select, update

import domain
from persistence.lists import Condition, Part, Source
from persistence.models import UserRecord
from persistence.repository import SqlRepository

AFTER_EVERY_USERNAME = "\x7f"  # sorts after a-z, 0-9 and _


class SqlUserRepository(SqlRepository[domain.UserId, domain.User]):
    """`domain.UserRepository` over a request's session."""

    kind = "User"
    record: ClassVar[type[UserRecord]] = UserRecord

    async def get_many_by_username(self, usernames: Collection[str]) -> Mapping[str, domain.User]:
        return await self._get_many_by(UserRecord.username, usernames)

    async def find_credentials(self, login: str) -> domain.Credentials | None:
        column = UserRecord.email if "@" in login else UserRecord.username
        statement = select(UserRecord.id, UserRecord.password_hash).where(column == login)
        for user_id, password_hash in await self._session.rows(statement):
            return domain.Credentials(domain.UserId(user_id), password_hash)
        return None

    async def create(self, user: domain.NewUser, password_hash: str | None = None) -> domain.User:
        return await self._create({**asdict(user), "password_hash": password_hash})

    async def update(self, user: domain.User) -> None:
        await self._replace(user)

    async def update_credentials(self, credentials: domain.Credentials) -> None:
        statement = update(UserRecord).where(UserRecord.id == credentials.user_id)
        await self._session.change(statement.values(password_hash=credentials.password_hash))

    def _parts(self, source: Source, filter: domain.UserFilter | None = None) -> list[Part]:
        return [Part(same=("role",) if filter and filter.role else ())]

    def _bounded(self, filter: domain.UserFilter) -> domain.OrderField | None:
        return filter.bounded_field

    def _matching(self, source: Source, filter: domain.UserFilter) -> Iterator[Condition]:
        if filter.username_prefix is not None:  # not LIKE, which is no index range everywhere
            yield UserRecord.username >= filter.username_prefix
            yield UserRecord.username < filter.username_prefix + AFTER_EVERY_USERNAME
        if filter.role is not None:
            yield UserRecord.role == filter.role
        if filter.joined_after is not None:
            yield UserRecord.created_at > filter.joined_after
        if filter.joined_before is not None:
            yield UserRecord.created_at < filter.joined_before
