"""The contract of `domain.PostRepository`, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

import domain
from persistence import Database
from tests.factories import NOON, Given, signed_in

LATER = NOON + timedelta(hours=1)
NOTHING = domain.PostId(2**62)
BY_TITLE = domain.Order(domain.PostOrderField.TITLE, descending=False)
REQUEST = domain.PageRequest(size=2, order=BY_TITLE, filter=domain.PostFilter())


async def test_what_is_created_is_what_is_read(work: domain.UnitOfWork, given: Given) -> None:
    """A new post comes back with a key, and the same from then on."""
    ada = await given.a_user()
    new = domain.NewPost.write(
        author_id=ada.id, title="First steps", body="Once.", publish=True, at=NOON
    )

    async with work.transaction():
        post = await work.posts.create(new)

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


async def test_moments_survive_to_the_microsecond(work: domain.UnitOfWork, given: Given) -> None:
    """Cursors compare moments, so no database may round one or lose its zone."""
    at = datetime(2026, 5, 4, 3, 2, 1, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    post = await given.a_post(by=await given.a_user(), at=at)

    found = await work.posts.get(post.id)

    assert found.published_at == found.created_at == at
    assert found.created_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("😀 👩‍👩‍👧‍👦 𝄞", id="outside-the-basic-plane"),
        pytest.param("مرحبا שלום", id="right-to-left"),
        pytest.param("e\u0301 é ﬁ", id="not-normalised"),
        pytest.param("\\ ' \" % _ $1 :name {x}", id="quoted-somewhere"),
        pytest.param("x" * 199 + "é", id="as-long-as-a-title-may-be"),
    ],
)
async def test_text_survives(work: domain.UnitOfWork, given: Given, text: str) -> None:
    """Character for character, in titles and bodies."""
    post = await given.a_post(by=await given.a_user(), title=text, body=f"{text}\n\t{text}")

    assert await work.posts.get(post.id) == post
    assert (post.title, post.body) == (text, f"{text}\n\t{text}")


async def test_the_longest_body_survives(work: domain.UnitOfWork, given: Given) -> None:
    """100,000 characters of four bytes each, more than a MySQL TEXT would hold."""
    post = await given.a_post(by=await given.a_user(), body="😀" * 100_000)

    assert (await work.posts.get(post.id)).body == "😀" * 100_000


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


async def test_a_slug_is_one_post(work: domain.UnitOfWork, given: Given) -> None:
    """When it is written and when it is renamed."""
    ada = await given.a_user()
    await given.a_post(by=ada, title="First steps")
    draft = await given.a_post(by=ada, publish=False)
    rival = domain.NewPost.write(author_id=ada.id, title="First: Steps!", body="", at=NOON)

    with pytest.raises(domain.AlreadyTaken) as created:
        async with work.transaction():
            await work.posts.create(rival)
    with pytest.raises(domain.AlreadyTaken) as renamed:
        async with work.transaction():
            await work.posts.update(draft.edit(title="First steps", at=LATER))

    assert created.value.field == renamed.value.field == "slug"


async def test_the_next_version_is_kept(work: domain.UnitOfWork, given: Given) -> None:
    """All of it, and no other post is touched."""
    ada = await given.a_user()
    one, other = await given.a_post(by=ada), await given.a_post(by=ada)
    edited = one.edit(title="Last words", body="Twice.", at=LATER)

    async with work.transaction():
        await work.posts.update(edited)

    assert await work.posts.get_many([one.id, other.id]) == {one.id: edited, other.id: other}


async def test_tags_change_only_when_told(work: domain.UnitOfWork, given: Given) -> None:
    """None leaves them; anything else replaces them, and so does nothing at all."""
    old, kept, new = [await given.a_tag(name=name) for name in ("a-old", "b-kept", "c-new")]
    post = await given.a_post(by=await given.a_user(), tags=[old, kept])

    async def tags_after(tag_ids: list[domain.TagId] | None) -> list[domain.Tag]:
        current = await work.posts.get(post.id)
        async with work.transaction():
            await work.posts.update(current.edit(at=LATER), tag_ids)
        return [*(await work.tags.get_many_by_post([post.id])).get(post.id, [])]

    assert await tags_after(None) == [old, kept]
    assert await tags_after([kept.id, new.id]) == [kept, new]
    assert await tags_after([]) == []


async def test_only_the_next_version_is_kept(work: domain.UnitOfWork, given: Given) -> None:
    """Whoever edits what has changed meanwhile is told its version, and changes nothing."""
    post = await given.a_post(by=await given.a_user(), tags=[await given.a_tag()])
    edited = post.edit(body="Mine.", at=LATER).edit(body="Mine again.", at=LATER)
    async with work.transaction():
        await work.posts.update(post.edit(body="Theirs.", at=LATER))
        await work.posts.update(edited)

    with pytest.raises(domain.VersionConflict) as caught:
        async with work.transaction():
            await work.posts.update(post.edit(body="Too late.", at=LATER), [])

    assert caught.value.current_version == 3
    assert await work.posts.get(post.id) == edited
    assert len(await work.tags.get_many_by_post([post.id])) == 1


@pytest.mark.backends("postgresql", "mysql", "mariadb")  # SQLite lets in one writer at a time
async def test_a_conflict_tells_the_version_that_others_committed(
    database: Database, work: domain.UnitOfWork, given: Given
) -> None:
    """Even to a transaction that has read an earlier one."""
    post = await given.a_post(by=await given.a_user())

    with pytest.raises(domain.VersionConflict) as caught:
        async with work.transaction():
            mine = await work.posts.get(post.id)
            async with database.unit_of_work() as rival, rival.transaction():
                await rival.posts.update(post.edit(body="Theirs.", at=LATER))
            await work.posts.update(mine.edit(body="Mine.", at=LATER))

    assert caught.value.current_version == 2


async def test_a_missing_post_is_not_written(work: domain.UnitOfWork, given: Given) -> None:
    """Neither an update nor a deletion passes for done."""
    post = await given.a_post(by=await given.a_user())

    with pytest.raises(domain.NotFound, match="No such post"):
        async with work.transaction():
            await work.posts.update(replace(post.edit(at=LATER), id=NOTHING, slug="nothing"))
    with pytest.raises(domain.NotFound, match="No such post"):
        async with work.transaction():
            await work.posts.delete(NOTHING)

    assert await work.posts.count(domain.PostFilter()) == 1


async def test_a_deleted_post_takes_its_comments(work: domain.UnitOfWork, given: Given) -> None:
    """And leaves its tags, and other posts."""
    ada, tag = await given.a_user(), await given.a_tag()
    gone, kept = [await given.a_post(by=ada, tags=[tag]) for _ in range(2)]
    comments = [await given.a_comment(on=post, by=ada) for post in (gone, kept)]

    async with work.transaction():
        await work.posts.delete(gone.id)

    assert await work.posts.get_many([gone.id, kept.id]) == {kept.id: kept}
    assert [*await work.comments.get_many([each.id for each in comments])] == [comments[1].id]
    assert await work.tags.get_many_by_post([gone.id, kept.id]) == {kept.id: [tag]}


async def test_titles_are_sorted_by_code_point(work: domain.UnitOfWork, given: Given) -> None:
    """The same order on every database, so that cursors mean the same everywhere."""
    ada = await given.a_user()
    titles = ["b", "B", "a", "A", "é", "e", "z", "Z", "a b", "a-b", "ab", "😀", "\uffee", "ß", "1"]
    async with work.transaction():
        for n, title in enumerate(titles):
            post = domain.NewPost.write(
                author_id=ada.id, title=title, body="", publish=True, at=NOON
            )
            await work.posts.create(replace(post, slug=f"post-{n}"))

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


async def test_the_archive_counts_months_of_utc(database: Database, given: Given) -> None:
    """Newest first, by when a post came out; what never did is not there."""
    ada = await given.a_user()
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    before = new_year - timedelta(microseconds=1)
    for at in (before, new_year, new_year, datetime(2026, 12, 1, tzinfo=UTC)):
        await given.a_post(by=ada, at=at)
    await given.a_post(by=ada, publish=False)

    async with database.unit_of_work(signed_in(ada)) as work:
        months = await work.posts.counts_by_month(domain.PostFilter())
        since = await work.posts.counts_by_month(domain.PostFilter(published_after=before))

    assert months == [
        domain.ArchiveMonth(2026, 12, 1),
        domain.ArchiveMonth(2026, 1, 2),
        domain.ArchiveMonth(2025, 12, 1),
    ]
    assert since == months[:2]
