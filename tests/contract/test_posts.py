"""The contract of `domain.PostRepository`, but for edits, which have a file of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import domain
from tests.factories import NOON, Given, Store, signed_in

pytestmark = pytest.mark.every_store

NOTHING = domain.PostId(2**62)
BY_TITLE = domain.Order(domain.PostOrderField.TITLE, descending=False)
REQUEST = domain.PageRequest(size=2, order=BY_TITLE, filter=domain.PostFilter())


async def test_what_is_created_is_what_is_read(work: domain.UnitOfWork, given: Given) -> None:
    """A new post comes back with a key, and the same from then on."""
    ada = await given.a_user()
    new = domain.NewPost.write(
        author_id=ada.id,
        title="First steps",
        body="Once.",
        tags=["writing", "a-new-one"],
        publish=True,
        at=NOON,
    )

    post = await work.transaction(lambda: work.posts.create(new))

    assert post == domain.Post(
        id=post.id,
        author_id=ada.id,
        slug="first-steps",
        title="First steps",
        body="Once.",
        status=domain.PostStatus.PUBLISHED,
        version=1,
        published_at=NOON,
        created_at=NOON,
        updated_at=None,
    )
    assert await work.posts.get(post.id) == post
    tags = (await work.tags.get_many_by_post([post.id]))[post.id]
    assert [(tag.name, tag.created_at) for tag in tags] == [("a-new-one", NOON), ("writing", NOON)]


async def test_a_missing_post_is_said_to_be_missing(work: domain.UnitOfWork) -> None:
    """Each read has its own way to say so."""
    assert await work.posts.find(NOTHING) is None
    assert await work.posts.get_many([NOTHING]) == {}
    assert await work.posts.get_many_by_slug(["nothing"]) == {}
    with pytest.raises(domain.NotFound, match="No such post"):
        await work.posts.get(NOTHING)


async def test_many_are_found_by_key_and_by_slug(work: domain.UnitOfWork, given: Given) -> None:
    """What does not exist is left out."""
    ada = await given.a_user()
    one, other = await given.a_post(by=ada), await given.a_post(by=ada)

    assert await work.posts.get_many([other.id, NOTHING]) == {other.id: other}
    assert await work.posts.get_many_by_slug([one.slug, "none"]) == {one.slug: one}


async def test_none_are_asked_for_and_none_found(work: domain.UnitOfWork) -> None:
    """An empty question is a question too."""
    assert await work.posts.get_many([]) == {}
    assert await work.posts.get_many_by_slug([]) == {}
    assert await work.posts.pages_by_author([], REQUEST) == {}
    assert await work.posts.pages_by_tag([], REQUEST) == {}
    assert await work.posts.counts_by_author([], REQUEST.filter) == {}
    assert await work.posts.counts_by_tag([], REQUEST.filter) == {}
    assert await work.posts.counts_by_month(REQUEST.filter) == []


async def test_a_missing_post_is_not_deleted(work: domain.UnitOfWork, given: Given) -> None:
    """Nor does it pass for done."""
    await given.a_post(by=await given.a_user())

    with pytest.raises(domain.NotFound, match="No such post"):
        await work.transaction(lambda: work.posts.delete(NOTHING))

    assert await work.posts.count(domain.PostFilter()) == 1


async def test_nobody_writes_who_is_gone(work: domain.UnitOfWork, given: Given) -> None:
    """They were signed in when the post was written, and deleted before it was kept."""
    ada = await given.a_user()
    post = domain.NewPost.write(author_id=ada.id, title="Late", body="", at=NOON)
    await given.written(lambda rival: rival.users.delete(ada.id))

    with pytest.raises(domain.NotFound) as caught:
        await work.transaction(lambda: work.posts.create(post))

    assert (caught.value.kind, caught.value.id) == ("User", ada.id)


async def test_a_deleted_post_takes_its_comments(work: domain.UnitOfWork, given: Given) -> None:
    """And leaves its tags, and other posts."""
    ada, tag = await given.a_user(), await given.a_tag()
    gone, kept = [await given.a_post(by=ada, tags=[tag]) for _ in range(2)]
    comments = [await given.a_comment(on=post, by=ada) for post in (gone, kept)]

    await work.transaction(lambda: work.posts.delete(gone.id))

    assert await work.posts.get_many([gone.id, kept.id]) == {kept.id: kept}
    assert [*await work.comments.get_many([each.id for each in comments])] == [comments[1].id]
    assert await work.tags.get_many_by_post([gone.id, kept.id]) == {kept.id: [tag]}


async def test_titles_are_sorted_by_code_point(work: domain.UnitOfWork, given: Given) -> None:
    """The same order on every database, so that cursors mean the same everywhere."""
    ada = await given.a_user()
    titles = ["b", "B", "a", "A", "é", "e", "z", "Z", "a b", "a-b", "ab", "😀", "\uffee", "ß", "1"]
    for title in titles:
        await given.a_post(by=ada, title=title)

    page = await work.posts.page(replace(REQUEST, size=100))

    assert [post.title for post in page.items] == sorted(titles)


async def test_many_authors_have_a_page_and_a_count_each(
    work: domain.UnitOfWork, given: Given
) -> None:
    """One question for all authors; one without posts is left out."""
    ada, bob, eve = [await given.a_user() for _ in range(3)]
    hers = [await given.a_post(by=ada, title=title) for title in "abc"]
    his = await given.a_post(by=bob, title="d")
    author_ids = [ada.id, bob.id, eve.id]

    pages = await work.posts.pages_by_author(author_ids, REQUEST)
    counts = await work.posts.counts_by_author(author_ids, REQUEST.filter)

    assert pages == {
        ada.id: domain.Page(hers[:2], more=True),
        bob.id: domain.Page([his], more=False),
    }
    assert counts == {ada.id: 3, bob.id: 1}


async def test_many_tags_have_a_page_and_a_count_each(
    work: domain.UnitOfWork, given: Given
) -> None:
    """A post under several tags stands in the page of each."""
    ada = await given.a_user()
    broad, narrow, unused = [await given.a_tag() for _ in range(3)]
    posts = [await given.a_post(by=ada, title=title, tags=[broad]) for title in "abc"]
    both = await given.a_post(by=ada, title="Both", tags=[broad, narrow])
    tag_ids = [broad.id, narrow.id, unused.id]

    pages = await work.posts.pages_by_tag(tag_ids, REQUEST)
    counts = await work.posts.counts_by_tag(tag_ids, REQUEST.filter)

    assert pages == {
        broad.id: domain.Page([both, posts[0]], more=True),
        narrow.id: domain.Page([both], more=False),
    }
    assert counts == {broad.id: 4, narrow.id: 1}


async def test_the_archive_counts_months_of_utc(store: Store, given: Given) -> None:
    """Newest first, by when a post came out; what never did is not there."""
    ada = await given.a_user()
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    before = new_year - timedelta(microseconds=1)
    for at in (before, new_year, new_year, datetime(2026, 12, 1, tzinfo=UTC)):
        await given.a_post(by=ada, at=at)
    await given.a_post(by=ada, publish=False)

    async with store.unit_of_work(signed_in(ada)) as work:
        months = await work.posts.counts_by_month(domain.PostFilter())
        since = await work.posts.counts_by_month(domain.PostFilter(published_after=before))

    assert months == [
        domain.ArchiveMonth(2026, 12, 1),
        domain.ArchiveMonth(2026, 1, 2),
        domain.ArchiveMonth(2025, 12, 1),
    ]
    assert since == months[:2]


async def test_a_key_is_used_once(work: domain.UnitOfWork, given: Given) -> None:
    """Who still has the ID of a deleted post may not come upon another by it."""
    ada = await given.a_user()
    deleted = await given.a_post(by=ada)
    await work.transaction(lambda: work.posts.delete(deleted.id))

    created = await given.a_post(by=ada)

    assert created.id > deleted.id
