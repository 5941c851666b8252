"""Users, in SQL."""

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar

import domain
from persistence.models import UserRecord
from persistence.pagination import Condition, Part
from persistence.repository import SqlRepository

AFTER_EVERY_USERNAME = "\x7f"  # sorts after a-z, 0-9 and _


class SqlUserRepository(SqlRepository[domain.UserId, domain.User]):
    """`domain.UserRepository` over a request's session."""

    kind = "user"
    record: ClassVar[type[UserRecord]] = UserRecord

    async def get_many_by_username(self, usernames: Collection[str]) -> Mapping[str, domain.User]:
        return await self._get_many_by(UserRecord.username, usernames)

    async def create(self, user: domain.NewUser) -> domain.User:
        return await self._create(user)

    async def update(self, user: domain.User) -> None:
        if not await self._update(user):
            raise domain.NotFound(self.kind)

    def _parts(self, filter: domain.UserFilter | None = None) -> list[Part]:
        return [Part(same=("role",) if filter and filter.role else ())]

    def _matching(self, filter: domain.UserFilter) -> Iterator[Condition]:
        if filter.username_prefix is not None:  # not LIKE, which is no index range everywhere
            yield UserRecord.username >= filter.username_prefix
            yield UserRecord.username < filter.username_prefix + AFTER_EVERY_USERNAME
        if filter.role is not None:
            yield UserRecord.role == filter.role
        if filter.joined_after is not None:
            yield UserRecord.created_at > filter.joined_after
        if filter.joined_before is not None:
            yield UserRecord.created_at < filter.joined_before
