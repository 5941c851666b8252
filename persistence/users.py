"""Users, in SQL."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from sqlalchemy import ClauseElement, String, bindparam, select, update

import domain
from persistence.entities import values_in
from persistence.lists import Condition, Part, Source
from persistence.models import UserRecord
from persistence.repository import SqlRepository
from persistence.statements import Query

AFTER_EVERY_USERNAME = "\x7f"  # sorts after a-z, 0-9 and _
PREFIX_END = "filter_username_end"


class SqlUserRepository(SqlRepository[domain.UserId, domain.User]):
    """`domain.UserRepository` over a request's session."""

    kind = "User"
    record: ClassVar[type[UserRecord]] = UserRecord
    entity = domain.User

    async def get_many_by_username(self, usernames: Collection[str]) -> Mapping[str, domain.User]:
        return await self._get_many_by("username", usernames)

    async def find_credentials(self, login: str) -> domain.Credentials | None:
        column = UserRecord.email if "@" in login else UserRecord.username

        def build(_: object) -> ClauseElement:
            credentials = select(UserRecord.id, UserRecord.password_hash)
            return credentials.where(column == bindparam("login"))

        query = Query(("credentials", column.key), build, {"login": login})
        for user_id, password_hash in (await self._session.rows(query)).rows:
            return domain.Credentials(domain.UserId(user_id), password_hash)
        return None

    async def create(self, user: domain.NewUser, password_hash: str | None = None) -> domain.User:
        values = {**values_in(user), "password_hash": password_hash}
        return await self._create(values, may_break=True)

    async def update(self, user: domain.User) -> None:
        await self._replace(user)

    async def update_credentials(self, credentials: domain.Credentials) -> None:
        def build(_: object) -> ClauseElement:
            of_user = update(UserRecord).where(UserRecord.id == bindparam("of_user"))
            return of_user.values(password_hash=bindparam("new_hash", type_=String))

        values = {"of_user": credentials.user_id, "new_hash": credentials.password_hash}
        await self._session.change(Query("keep credentials", build, values))

    def _values(self, filter: domain.UserFilter | None) -> Mapping[str, Any]:
        values = super()._values(filter)
        if filter is None or filter.username_prefix is None:
            return values
        return {**values, PREFIX_END: filter.username_prefix + AFTER_EVERY_USERNAME}

    def _parts(self, source: Source, filter: domain.UserFilter | None = None) -> list[Part]:
        return [Part(same=("role",) if filter and filter.role else ())]

    def _bounded(self, filter: domain.UserFilter) -> domain.OrderField | None:
        return filter.bounded_field

    def _matching(self, source: Source, filter: domain.UserFilter) -> Iterator[Condition]:
        if filter.username_prefix is not None:  # not LIKE, which is no index range everywhere
            yield UserRecord.username >= filter.username_prefix
            yield UserRecord.username < bindparam(PREFIX_END)
        if filter.role is not None:
            yield UserRecord.role == filter.role
        if filter.joined_after is not None:
            yield UserRecord.created_at > filter.joined_after
        if filter.joined_before is not None:
            yield UserRecord.created_at < filter.joined_before
