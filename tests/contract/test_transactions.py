"""The contract of `domain.UnitOfWork.transaction`: all or nothing, and nobody sees a half."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

import domain
from tests.factories import NOON, PASSWORD, Given, Store

pytestmark = pytest.mark.every_store

EVERYONE = domain.UserFilter()
LATER = NOON + timedelta(hours=1)
ADA, BOB = (
    domain.NewUser.sign_up(username=name, email=f"{name}@example.com", password=PASSWORD, at=NOON)
    for name in ("ada", "bob")
)
WRITES: list[Callable[[domain.UnitOfWork, domain.Post], Awaitable[object]]] = [
    lambda work, post: work.users.create(ADA),
    lambda work, post: work.users.delete(post.author_id),
    lambda work, post: work.users.get_for_update(post.author_id),
    lambda work, post: work.users.update_credentials(domain.Credentials(post.author_id, None)),
    lambda work, post: work.sessions.create(
        domain.NewSession.begin(
            post.author_id,
            token=domain.new_token(),
            user_agent=None,
            lifetime=timedelta(1),
            at=NOON,
        )
    ),
    lambda work, post: work.sessions.update_last_seen(domain.SessionId(1), at=NOON),
    lambda work, post: work.sessions.delete_by_user(post.author_id),
    lambda work, post: work.posts.create(
        domain.NewPost.write(author_id=post.author_id, title="Second", body="", at=NOON)
    ),
    lambda work, post: work.posts.get_for_update(post.id),
    lambda work, post: work.posts.update(post.edit(body="Twice.", at=LATER)),
    lambda work, post: work.posts.delete(post.id),
    lambda work, post: work.comments.create(
        domain.NewComment.reply(post, author_id=post.author_id, body="Indeed.", at=NOON)
    ),
    lambda work, post: work.comments.delete(domain.CommentId(1)),
    lambda work, post: work.tags.get_or_create(["new"], at=NOON),
]


async def test_writing_needs_a_transaction(work: domain.UnitOfWork, given: Given) -> None:
    """Alone, a write could not be taken back with the one after it."""
    post = await given.a_post(by=await given.a_user())

    for write in WRITES:
        with pytest.raises(RuntimeError, match="needs a transaction"):
            await write(work, post)

    assert await work.posts.get_many([post.id]) == {post.id: post}
    assert await work.posts.count(domain.PostFilter()) == 1
    assert await work.users.count(EVERYONE) == 1


async def test_a_transaction_returns_what_its_writer_returns(work: domain.UnitOfWork) -> None:
    """So that nothing has to be carried out of it by other ways."""
    ada = await work.transaction(lambda: work.users.create(ADA))

    assert await work.users.get(ada.id) == ada


async def test_one_transaction_at_a_time(work: domain.UnitOfWork) -> None:
    """One within another could not be kept or lost alone; the outer one is lost as well."""

    async def write() -> None:
        await work.users.create(ADA)
        await work.transaction(lambda: work.users.create(BOB))

    with pytest.raises(RuntimeError, match="in a transaction already"):
        await work.transaction(write)

    assert await work.users.count(EVERYONE) == 0


async def test_any_exception_takes_a_transaction_back(work: domain.UnitOfWork) -> None:
    """Also one that the store knows nothing of; the next transaction starts afresh."""

    async def fail() -> None:
        await work.users.create(ADA)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work.transaction(fail)
    ada = await work.transaction(lambda: work.users.create(ADA))

    assert await work.users.get(ada.id) == ada
    assert await work.users.count(EVERYONE) == 1


async def test_a_failed_transaction_takes_back_all_kinds_of_writes(
    store: Store, given: Given
) -> None:
    """What was made, changed and deleted, in every table."""
    ada = await given.a_user(username="eve")
    post = await given.a_post(by=ada, tags=["kept"])
    comment = await given.a_comment(on=post, by=ada)
    session = await given.a_session(of=ada)

    async def fail(work: domain.UnitOfWork) -> None:
        await work.users.create(ADA)
        await work.users.update_credentials(domain.Credentials(ada.id, "a hash"))
        await work.posts.update(post.edit(body="Twice.", tags=["new"], at=LATER))
        await work.comments.delete(comment.id)
        await work.sessions.delete_by_user(ada.id)
        await work.posts.delete(post.id)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await given.written(fail)

    async with store.unit_of_work(domain.SignedIn(ada.id, domain.Role.ADMIN)) as work:
        assert await work.users.count(EVERYONE) == 1
        assert await work.users.find_credentials("eve") == domain.Credentials(ada.id, None)
        assert await work.posts.get(post.id) == post
        assert await work.comments.get(comment.id) == comment
        assert await work.sessions.get_many_by_user(ada.id, at=NOON) == [session]
        assert [tag.name for tag in (await work.tags.get_many_by_post([post.id]))[post.id]] == [
            "kept"
        ]
        assert await work.tags.count(None) == 1


async def test_a_transaction_reads_what_it_wrote(store: Store, work: domain.UnitOfWork) -> None:
    """Others do once it is committed; SQLite's readers do not wait for it either."""
    async with store.unit_of_work() as other:

        async def write() -> tuple[domain.User, domain.User | None, domain.User | None]:
            ada = await work.users.create(ADA)
            return ada, await work.users.find(ada.id), await other.users.find(ada.id)

        ada, within, outside = await work.transaction(write)
        afterwards = await other.users.find(ada.id)

    assert (within, outside, afterwards) == (ada, None, ada)


async def test_a_read_stands_alone(work: domain.UnitOfWork, given: Given) -> None:
    """It sees what others commit between reads, which a transaction could hide."""
    ada = await given.a_user()
    counts, names = [], []

    for n in range(3):
        counts.append(await work.users.count(EVERYONE))
        names.append((await work.users.get(ada.id)).display_name)
        await given.a_user()
        await rename(given, ada, f"Ada {n}")

    assert counts == [1, 2, 3]
    assert names == [ada.display_name, "Ada 0", "Ada 1"]


async def rename(given: Given, user: domain.User, name: str) -> None:
    """Change a user in a request of its own."""
    renamed = user.edit(display_name=name, at=LATER)
    await given.written(lambda work: work.users.update(renamed))


async def test_a_refused_write_does_not_end_its_transaction(store: Store, given: Given) -> None:
    """Whoever expects the error goes on, and what comes before and after it is kept."""
    ada = await given.a_user(username="ada")
    post = await given.a_post(by=ada)
    gone = await given.a_post(by=ada)
    reply = domain.NewComment.reply(gone, author_id=ada.id, body="Indeed.", at=NOON)
    taken = ada.edit(username="bob", at=LATER)

    async def write(work: domain.UnitOfWork) -> None:
        await work.users.create(BOB)
        with pytest.raises(domain.AlreadyTaken):
            await work.users.create(ADA)
        with pytest.raises(domain.AlreadyTaken):
            await work.users.update(taken)
        await work.posts.delete(gone.id)
        with pytest.raises(domain.NotFound):
            await work.comments.create(reply)
        with pytest.raises(domain.NotFound):
            await work.posts.delete(gone.id)
        await work.posts.update(post.edit(body="Twice.", at=LATER))

    await given.written(write)

    async with store.unit_of_work() as work:
        assert [*await work.users.get_many_by_username(["ada", "bob"])] == ["ada", "bob"]
        assert (await work.posts.get(post.id)).body == "Twice."
        assert await work.posts.count(domain.PostFilter()) == 1


async def test_what_is_released_can_be_taken_up_again(
    work: domain.UnitOfWork, given: Given
) -> None:
    """Before the first read, between two, and before a transaction."""
    ada = await given.a_user()

    await work.release()
    first = await work.users.get(ada.id)
    await work.release()
    second = await work.users.get(ada.id)
    await work.release()
    bob = await work.transaction(lambda: work.users.create(BOB))

    assert first == second == ada
    assert await work.users.count(EVERYONE) == len([ada, bob])
