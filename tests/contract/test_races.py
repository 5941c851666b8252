"""Requests that want the same at once: each is answered as if it had come alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

import domain
from domain.tags import MAX_TAGS
from tests.factories import NOON, PASSWORD, Given, Store

pytestmark = pytest.mark.every_store

T = TypeVar("T")

RACERS = 10
MODERATOR = domain.SignedIn(domain.UserId(2**62), domain.Role.MODERATOR)
CLIENT = domain.Client("192.0.2.1", "tests")


async def race(
    store: Store, count: int, run: Callable[[domain.UnitOfWork, int], Awaitable[T]]
) -> list[T]:
    """Have requests of their own, which hold what they need already, start at one moment."""
    start = asyncio.Barrier(count)

    async def racer(n: int) -> T:
        async with store.unit_of_work() as work:
            await start.wait()
            return await run(work, n)

    return await asyncio.gather(*(racer(n) for n in range(count)))


@pytest.mark.parametrize("field", ["username", "email"])
async def test_two_sign_ups_for_one_name_make_one_account(
    store: Store, accounts: domain.Accounts, field: str
) -> None:
    """The unique index decides; the other is told what is taken, and has no session."""
    ada = domain.NewUser.sign_up(
        username="ada", email="ada@example.com", password=PASSWORD, at=NOON
    )

    async def sign_up(work: domain.UnitOfWork, n: int) -> str:
        names = {"username": f"ada{n}", "email": f"ada{n}@example.com", field: getattr(ada, field)}
        rival = domain.NewUser.sign_up(**names, password=PASSWORD, at=NOON)
        try:
            admission = await accounts.sign_up(work, rival, PASSWORD, CLIENT, at=NOON)
        except domain.AlreadyTaken as error:
            return f"not the {error.field}"
        return str(getattr(admission.user, field))

    outcomes = await race(store, 2, sign_up)

    assert sorted(outcomes) == sorted([getattr(ada, field), f"not the {field}"])
    async with store.unit_of_work() as work:
        assert await work.users.count(domain.UserFilter()) == 1
        found = await work.users.find_credentials(getattr(ada, field))
        assert found is not None
        assert len(await work.sessions.get_many_by_user(found.user_id, at=NOON)) == 1


async def test_two_editors_make_one_version(store: Store, given: Given) -> None:
    """Both edit what both have read; one is kept, and the other is told its version."""
    post = await given.a_post(by=await given.a_user())

    async def edit(work: domain.UnitOfWork, n: int) -> str:
        edited = post.edit(body=f"Mine, {n}.", at=NOON)
        try:
            updated = await work.transaction(lambda: work.posts.update(edited))
        except domain.VersionConflict as error:
            return f"not on version {error.current_version}"
        return updated.body

    outcomes = await race(store, 2, edit)

    async with store.unit_of_work() as work:
        kept = (await work.posts.get(post.id)).body
    assert sorted(outcomes) == sorted([kept, "not on version 2"])


async def test_no_addition_is_lost(store: Store, given: Given) -> None:
    """Who takes a post for a change sees what those before have made of it."""
    post = await given.a_post(by=await given.a_user(), body="begun")

    async def append(work: domain.UnitOfWork, n: int) -> None:
        async def write() -> None:
            current = await work.posts.get_for_update(post.id)
            await work.posts.update(current.edit(body=f"{current.body} {n}", at=NOON))

        await work.transaction(write)

    await race(store, RACERS, append)

    async with store.unit_of_work() as work:
        kept = await work.posts.get(post.id)
    assert kept.version == 1 + RACERS
    assert sorted(kept.body.split()) == sorted(["begun", *map(str, range(RACERS))])


async def test_many_posts_of_one_title_have_a_slug_each(store: Store, given: Given) -> None:
    """One has the title's own, and the others one like it."""
    ada = await given.a_user()
    new = domain.NewPost.write(
        author_id=ada.id, title="First steps", body="", tags=["new"], publish=True, at=NOON
    )

    async def create(work: domain.UnitOfWork, n: int) -> domain.Post:
        return await work.transaction(lambda: work.posts.create(new))

    posts = await race(store, RACERS, create)

    slugs = {post.slug for post in posts}
    assert len(slugs) == RACERS
    assert "first-steps" in slugs
    assert all(slug.startswith("first-steps") for slug in slugs)
    async with store.unit_of_work() as work:
        assert await work.posts.get_many([post.id for post in posts]) == {
            post.id: post for post in posts
        }
        tags = await work.tags.get_many_by_post([post.id for post in posts])
    assert len(tags) == RACERS
    assert len({tag.id for each in tags.values() for tag in each}) == 1


async def test_many_writers_of_the_same_new_tags_share_them(store: Store, given: Given) -> None:
    """Named in different orders, they neither wait for each other in a circle nor make two."""
    ada = await given.a_user()
    names = [f"tag-{n}" for n in range(MAX_TAGS)]

    async def create(work: domain.UnitOfWork, n: int) -> domain.Post:
        turned = [*names[n:], *names[:n]]
        ordered = turned if n % 2 else turned[::-1]
        new = domain.NewPost.write(
            author_id=ada.id, title=f"Post {n}", body="", tags=ordered, publish=True, at=NOON
        )
        return await work.transaction(lambda: work.posts.create(new))

    posts = await race(store, RACERS, create)

    async with store.unit_of_work(MODERATOR) as work:
        found = await work.tags.get_many_by_post([post.id for post in posts])
        count = await work.tags.count(None)
    assert count == len(names)
    assert [[tag.name for tag in found[post.id]] for post in posts] == [sorted(names)] * RACERS


async def test_comments_on_a_post_that_is_being_deleted_are_kept_or_refused(
    store: Store, given: Given
) -> None:
    """Whoever comes after is told that it is gone; nothing is left of those before."""
    post = await given.a_post(by=await given.a_user())
    reply = domain.NewComment.reply(post, author_id=post.author_id, body="Indeed.", at=NOON)

    async def comment_or_delete(work: domain.UnitOfWork, n: int) -> str:
        try:
            if n == RACERS // 2:
                await work.transaction(lambda: work.posts.delete(post.id))
                return "deleted"
            await work.transaction(lambda: work.comments.create(reply))
        except domain.NotFound as error:
            return f"no {error.kind}"
        return "kept"

    outcomes = await race(store, RACERS, comment_or_delete)

    assert outcomes.count("deleted") == 1
    assert {*outcomes} <= {"deleted", "kept", "no Post"}
    async with store.unit_of_work(MODERATOR) as work:
        assert await work.posts.find(post.id) is None
        assert await work.comments.counts_by_author([post.author_id], None) == {}
