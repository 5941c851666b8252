"""The contract of `domain.CommentRepository`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import domain
from tests.factories import NOON, Given

pytestmark = pytest.mark.every_store

NOTHING = domain.CommentId(2**62)
OLDEST_FIRST = domain.Order(domain.CommentOrderField.CREATED_AT, descending=False)
REQUEST = domain.PageRequest(size=2, order=OLDEST_FIRST, filter=None)


async def test_what_is_created_is_what_is_read(work: domain.UnitOfWork, given: Given) -> None:
    """A new comment comes back with a key, and the same from then on."""
    post = await given.a_post(by=await given.a_user())
    reply = domain.NewComment.reply(post, author_id=post.author_id, body="Indeed 😀\n你好", at=NOON)

    comment = await work.transaction(lambda: work.comments.create(reply))

    assert comment == domain.Comment(
        id=comment.id,
        post_id=post.id,
        author_id=post.author_id,
        body="Indeed 😀\n你好",
        created_at=NOON,
        updated_at=None,
    )
    assert await work.comments.get(comment.id) == comment


async def test_a_missing_comment_is_said_to_be_missing(work: domain.UnitOfWork) -> None:
    """Each read has its own way to say so."""
    assert await work.comments.find(NOTHING) is None
    assert await work.comments.get_many([NOTHING]) == {}
    assert await work.comments.get_many([]) == {}
    with pytest.raises(domain.NotFound, match="No such comment"):
        await work.comments.get(NOTHING)


async def test_a_reworded_comment_is_kept(work: domain.UnitOfWork, given: Given) -> None:
    """And no other is touched."""
    ada = await given.a_user()
    post = await given.a_post(by=ada)
    one, other = await given.a_comment(on=post, by=ada), await given.a_comment(on=post, by=ada)
    reworded = one.reword("Not at all.", at=NOON + timedelta(days=1))

    await work.transaction(lambda: work.comments.update(reworded))

    assert await work.comments.get_many([one.id, other.id]) == {one.id: reworded, other.id: other}


async def test_a_missing_comment_is_not_written(work: domain.UnitOfWork, given: Given) -> None:
    """Neither an update nor a deletion passes for done."""
    ada = await given.a_user()
    comment = await given.a_comment(on=await given.a_post(by=ada), by=ada)
    nothing = replace(comment, id=NOTHING)

    with pytest.raises(domain.NotFound, match="No such comment"):
        await work.transaction(lambda: work.comments.get_for_update(NOTHING))
    with pytest.raises(domain.NotFound, match="No such comment"):
        await work.transaction(lambda: work.comments.update(nothing))
    with pytest.raises(domain.NotFound, match="No such comment"):
        await work.transaction(lambda: work.comments.delete(NOTHING))


async def test_nobody_comments_on_a_post_that_is_gone(
    work: domain.UnitOfWork, given: Given
) -> None:
    """It was there when the reply was written, and deleted before it was kept."""
    post = await given.a_post(by=await given.a_user())
    reply = domain.NewComment.reply(post, author_id=post.author_id, body="Indeed.", at=NOON)
    await given.written(lambda rival: rival.posts.delete(post.id))

    with pytest.raises(domain.NotFound) as caught:
        await work.transaction(lambda: work.comments.create(reply))

    assert (caught.value.kind, caught.value.id) == ("Post", post.id)


async def test_nobody_comments_who_is_gone(work: domain.UnitOfWork, given: Given) -> None:
    """The post is there, and the error says who is not."""
    ada, eve = await given.a_user(), await given.a_user()
    post = await given.a_post(by=ada)
    reply = domain.NewComment.reply(post, author_id=eve.id, body="Late.", at=NOON)
    await given.written(lambda work: work.users.delete(eve.id))

    with pytest.raises(domain.NotFound) as caught:
        await work.transaction(lambda: work.comments.create(reply))

    assert (caught.value.kind, caught.value.id) == ("User", eve.id)


async def test_a_deleted_comment_is_gone(work: domain.UnitOfWork, given: Given) -> None:
    """Alone."""
    ada = await given.a_user()
    post = await given.a_post(by=ada)
    one, other = await given.a_comment(on=post, by=ada), await given.a_comment(on=post, by=ada)

    await work.transaction(lambda: work.comments.delete(one.id))

    assert await work.comments.get_many([one.id, other.id]) == {other.id: other}


async def test_many_posts_have_a_page_and_a_count_each(
    work: domain.UnitOfWork, given: Given
) -> None:
    """One question for all posts; one without comments is left out."""
    ada, bob = await given.a_user(), await given.a_user()
    busy, quiet, silent = [await given.a_post(by=ada) for _ in range(3)]
    replies = [await given.a_comment(on=busy, by=bob) for _ in range(3)]
    reply = await given.a_comment(on=quiet, by=ada)
    post_ids = [busy.id, quiet.id, silent.id]

    pages = await work.comments.pages_by_post(post_ids, REQUEST)
    counts = await work.comments.counts_by_post(post_ids, None)

    assert pages == {
        busy.id: domain.Page(replies[:2], more=True),
        quiet.id: domain.Page([reply], more=False),
    }
    assert counts == {busy.id: 3, quiet.id: 1}


async def test_many_authors_have_a_page_and_a_count_each(
    work: domain.UnitOfWork, given: Given
) -> None:
    """One question for all authors; one without comments is left out."""
    ada, bob, eve = [await given.a_user() for _ in range(3)]
    posts = [await given.a_post(by=ada) for _ in range(2)]
    his = [await given.a_comment(on=post, by=bob) for post in [*posts, *posts]]
    hers = await given.a_comment(on=posts[0], by=ada)
    author_ids = [ada.id, bob.id, eve.id]

    pages = await work.comments.pages_by_author(author_ids, REQUEST)
    counts = await work.comments.counts_by_author(author_ids, None)

    assert pages == {
        ada.id: domain.Page([hers], more=False),
        bob.id: domain.Page(his[:2], more=True),
    }
    assert counts == {ada.id: 1, bob.id: 4}


async def test_none_are_asked_for_and_none_found(work: domain.UnitOfWork) -> None:
    """An empty question is a question too."""
    assert await work.comments.pages_by_post([], REQUEST) == {}
    assert await work.comments.pages_by_author([], REQUEST) == {}
    assert await work.comments.counts_by_post([], None) == {}
    assert await work.comments.counts_by_author([], None) == {}
