"""Stored entities in one word; a test spells out only what it is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol, TypeVar

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from strawberry import relay

import domain

T = TypeVar("T")

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"  # noqa: S105 (nobody's)
SESSION_LIFETIME = timedelta(days=30)


class Store(Protocol):
    """Where a test's entities are: a database, or the store in memory."""

    def unit_of_work(
        self, viewer: domain.Viewer = None
    ) -> AbstractAsyncContextManager[domain.UnitOfWork]:
        """Open a session for a viewer."""


def global_id(type_name: str, key: int) -> str:
    return str(relay.GlobalID(type_name, str(key)))


def signed_in(user: domain.User) -> domain.SignedIn:
    """A viewer who proved to be this user."""
    return domain.SignedIn(user.id, user.role)


class Given:
    """Stores what a test starts from; posts and comments come in the order they are given."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._numbers = count(1)

    async def written(self, write: Callable[[domain.UnitOfWork], Awaitable[T]]) -> T:
        """What a request of the public wrote, for what the verbs below do not tell."""
        async with self._store.unit_of_work() as work:
            return await work.transaction(lambda: write(work))

    async def a_user(
        self,
        *,
        username: str | None = None,
        role: domain.Role = domain.Role.MEMBER,
        password: str | None = None,
        at: datetime = NOON,
    ) -> domain.User:
        """Someone who can't sign in, unless they have a password."""
        username = username or f"user{next(self._numbers)}"
        email = f"{username}@example.com"
        new = domain.NewUser.sign_up(
            username=username, email=email, password=password or PASSWORD, at=at
        )
        user = replace(new, role=role)
        password_hash = (
            PasswordHasher.from_parameters(CHEAPEST).hash(password) if password else None
        )
        return await self.written(lambda work: work.users.create(user, password_hash))

    async def a_session(
        self,
        *,
        of: domain.User,
        token: str | None = None,
        user_agent: str | None = "tests",
        lifetime: timedelta = SESSION_LIFETIME,
        at: datetime = NOON,
    ) -> domain.Session:
        new = domain.NewSession.begin(
            of.id,
            token=token or domain.new_token(),
            user_agent=user_agent,
            lifetime=lifetime,
            at=at,
        )
        return await self.written(lambda work: work.sessions.create(new))

    async def a_post(
        self,
        *,
        by: domain.User,
        title: str | None = None,
        body: str = "Once upon a time.",
        tags: Sequence[str | domain.Tag] = (),
        publish: bool = True,
        status: domain.PostStatus | None = None,
        at: datetime | None = None,
    ) -> domain.Post:
        """A post of its first version, published, or as a draft, or of another `status` since."""
        n = next(self._numbers)
        new = domain.NewPost.write(
            author_id=by.id,
            title=title or f"Post {n}",
            body=body,
            tags=[tag.name if isinstance(tag, domain.Tag) else tag for tag in tags],
            publish=publish,
            at=at or NOON + timedelta(minutes=n),
        )
        post = replace(new, status=status or new.status)
        return await self.written(lambda work: work.posts.create(post))

    async def a_tag(self, *, name: str | None = None, at: datetime = NOON) -> domain.Tag:
        """A tag of no post, so that the public does not see it."""
        names = [name or f"tag-{next(self._numbers)}"]
        (tag,) = await self.written(lambda work: work.tags.get_or_create(names, at=at))
        return tag

    async def a_comment(
        self,
        *,
        on: domain.Post,
        by: domain.User,
        body: str | None = None,
        at: datetime | None = None,
    ) -> domain.Comment:
        n = next(self._numbers)
        reply = domain.NewComment.reply(
            on, author_id=by.id, body=body or f"Comment {n}", at=at or NOON + timedelta(minutes=n)
        )
        return await self.written(lambda work: work.comments.create(reply))
