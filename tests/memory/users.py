"""Users, in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict

import domain
from tests.memory.repository import MemoryRepository
from tests.memory.tables import Tables


class MemoryUserRepository(MemoryRepository[domain.UserId, domain.User]):
    """`domain.UserRepository` over a request's session."""

    kind = "User"

    async def get_many_by_username(self, usernames: Collection[str]) -> Mapping[str, domain.User]:
        users = self._tables.users.values()
        return {user.username: user for user in users if user.username in usernames}

    async def find_credentials(self, login: str) -> domain.Credentials | None:
        for user in self._tables.users.values():
            if login in {user.username, user.email}:
                return domain.Credentials(user.id, self._tables.password_hashes[user.id])
        return None

    async def create(self, user: domain.NewUser, password_hash: str | None = None) -> domain.User:
        key = domain.UserId(self._session.next_key())
        created = domain.User(id=key, updated_at=None, **asdict(user))
        self._keep(created)
        self._session.writable.password_hashes[key] = password_hash
        return created

    async def update(self, user: domain.User) -> None:
        if user.id not in self._session.writable.users:
            raise domain.NotFound(self.kind, user.id)
        self._keep(user)

    async def update_credentials(self, credentials: domain.Credentials) -> None:
        password_hashes = self._session.writable.password_hashes
        if credentials.user_id in password_hashes:
            password_hashes[credentials.user_id] = credentials.password_hash

    def _keep(self, user: domain.User) -> None:
        users = self._session.writable.users
        for other in users.values():
            if other.id != user.id and other.username == user.username:
                raise domain.AlreadyTaken("username")
            if other.id != user.id and other.email == user.email:
                raise domain.AlreadyTaken("email")
        users[user.id] = user

    def _forget(self, id: domain.UserId) -> None:
        self._session.writable.delete_user(id)

    def _rows(self, tables: Tables) -> dict[domain.UserId, domain.User]:
        return tables.users

    def _matches(self, user: domain.User, filter: domain.UserFilter) -> bool:
        after, before = filter.joined_after, filter.joined_before
        return (
            user.username.startswith(filter.username_prefix or "")
            and filter.role in {None, user.role}
            and (after is None or user.created_at > after)
            and (before is None or user.created_at < before)
        )
