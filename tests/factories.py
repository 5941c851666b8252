"""Stored entities in one word; a test spells out only what it is about."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from strawberry import relay

import domain
from persistence import Database
from persistence.database import SqlUnitOfWork

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def global_id(type_name: str, key: int) -> str:
    return str(relay.GlobalID(type_name, str(key)))


def signed_in(user: domain.User) -> domain.SignedIn:
    """A viewer who proved to be this user."""
    return domain.SignedIn(user.id, user.role)


class Given:
    """Stores what a test starts from; posts and comments come in the order they are given."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._numbers = count(1)

    @asynccontextmanager
    async def a_transaction(self) -> AsyncGenerator[SqlUnitOfWork]:
        """A transaction of a request by the public, for what the verbs below do not tell."""
        async with self._database.unit_of_work() as work, work.transaction():
            yield work

    async def a_user(
        self,
        *,
        username: str | None = None,
        role: domain.Role = domain.Role.MEMBER,
        at: datetime = NOON,
    ) -> domain.User:
        username = username or f"user{next(self._numbers)}"
        user = domain.NewUser.sign_up(username=username, email=f"{username}@example.com", at=at)
        async with self.a_transaction() as work:
            return await work.users.create(replace(user, role=role))

    async def a_post(
        self,
        *,
        by: domain.User,
        title: str | None = None,
        body: str = "Once upon a time.",
        tags: Collection[domain.Tag] = (),
        publish: bool = True,
        at: datetime | None = None,
    ) -> domain.Post:
        n = next(self._numbers)
        post = domain.NewPost.write(
            author_id=by.id,
            title=title or f"Post {n}",
            body=body,
            publish=publish,
            at=at or NOON + timedelta(minutes=n),
        )
        async with self.a_transaction() as work:
            return await work.posts.create(post, [tag.id for tag in tags])

    async def a_tag(self, *, name: str | None = None, at: datetime = NOON) -> domain.Tag:
        tag = domain.NewTag.named(name or f"tag-{next(self._numbers)}", at=at)
        async with self.a_transaction() as work:
            return await work.tags.create(tag)

    async def a_comment(
        self,
        *,
        on: domain.Post,
        by: domain.User,
        body: str | None = None,
        at: datetime | None = None,
    ) -> domain.Comment:
        n = next(self._numbers)
        comment = domain.NewComment.reply(
            on, author_id=by.id, body=body or f"Comment {n}", at=at or NOON + timedelta(minutes=n)
        )
        async with self.a_transaction() as work:
            return await work.comments.create(comment)
