"""The contract of `domain.PostRepository.update`: versions, tags and slugs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

import domain
from tests.factories import NOON, Given, Store

pytestmark = pytest.mark.every_store

LATER = NOON + timedelta(hours=1)
NOTHING = domain.PostId(2**62)


async def test_the_next_version_is_kept(work: domain.UnitOfWork, given: Given) -> None:
    """All of it, and no other post is touched; it comes back as it is kept."""
    ada = await given.a_user()
    one, other = await given.a_post(by=ada), await given.a_post(by=ada)
    edit = one.edit(title="Last words", body="Twice.", status=domain.PostStatus.PUBLISHED, at=LATER)

    updated = await work.transaction(lambda: work.posts.update(edit))

    assert updated == edit.post
    assert await work.posts.get_many([one.id, other.id]) == {one.id: updated, other.id: other}


async def test_tags_change_only_when_told(work: domain.UnitOfWork, given: Given) -> None:
    """None leaves them; anything else replaces them, made as named, and so does nothing at all."""
    post = await given.a_post(by=await given.a_user(), tags=["a-old", "b-kept"])

    async def tags_after(names: list[str] | None) -> list[str]:
        edit = (await work.posts.get(post.id)).edit(tags=names, at=LATER)
        await work.transaction(lambda: work.posts.update(edit))
        tags = await work.tags.get_many_by_post([post.id])
        return [tag.name for tag in tags.get(post.id, [])]

    assert await tags_after(None) == ["a-old", "b-kept"]
    assert await tags_after(["b-kept", "A-New"]) == ["a-new", "b-kept"]
    assert await tags_after([]) == []


async def test_only_the_next_version_is_kept(work: domain.UnitOfWork, given: Given) -> None:
    """Whoever edits what has changed meanwhile is told its version, and changes nothing."""
    post = await given.a_post(by=await given.a_user(), tags=["kept"])
    mine = post.edit(body="Mine.", at=LATER)
    again = mine.post.edit(body="Mine again.", at=LATER)
    late = post.edit(body="Too late.", tags=[], at=LATER)

    async def write() -> domain.Post:
        await work.posts.update(mine)
        return await work.posts.update(again)

    kept = await work.transaction(write)
    with pytest.raises(domain.VersionConflict) as caught:
        await work.transaction(lambda: work.posts.update(late))

    assert caught.value.current_version == 3
    assert await work.posts.get(post.id) == kept == again.post
    assert len((await work.tags.get_many_by_post([post.id]))[post.id]) == 1


@pytest.mark.backends("postgresql", "mysql", "mariadb")  # others let in one writer at a time
async def test_a_conflict_tells_the_version_that_others_committed(
    work: domain.UnitOfWork, given: Given
) -> None:
    """Even to a transaction that has read an earlier one."""
    post = await given.a_post(by=await given.a_user())
    theirs = post.edit(body="Theirs.", at=LATER)

    async def write() -> None:
        mine = (await work.posts.get(post.id)).edit(body="Mine.", at=LATER)
        await given.written(lambda rival: rival.posts.update(theirs))
        await work.posts.update(mine)

    with pytest.raises(domain.VersionConflict) as caught:
        await work.transaction(write)

    assert caught.value.current_version == 2
    assert await work.posts.get(post.id) == theirs.post


async def test_a_version_that_is_to_come_is_not_kept(work: domain.UnitOfWork, given: Given) -> None:
    """Nobody has seen it."""
    post = await given.a_post(by=await given.a_user())
    ahead = replace(post, version=7).edit(body="Ahead.", at=LATER)

    with pytest.raises(domain.VersionConflict) as caught:
        await work.transaction(lambda: work.posts.update(ahead))

    assert caught.value.current_version == 1
    assert await work.posts.get(post.id) == post


async def test_a_missing_post_is_not_written(work: domain.UnitOfWork, given: Given) -> None:
    """Neither a lock nor an update passes for done."""
    post = await given.a_post(by=await given.a_user())
    nothing = replace(post, id=NOTHING, slug="nothing").edit(at=LATER)

    with pytest.raises(domain.NotFound, match="No such post"):
        await work.transaction(lambda: work.posts.get_for_update(NOTHING))
    with pytest.raises(domain.NotFound, match="No such post"):
        await work.transaction(lambda: work.posts.update(nothing))

    assert await work.posts.count(domain.PostFilter()) == 1


async def test_a_slug_in_use_gets_an_ending(work: domain.UnitOfWork, given: Given) -> None:
    """Titles may repeat and addresses may not, whoever may see the post that has it."""
    ada = await given.a_user()
    first = await given.a_post(by=ada, title="First steps", publish=False)

    second = await given.a_post(by=ada, title="First: Steps!")
    third = await given.a_post(by=ada, title="First steps")

    slugs = [first.slug, second.slug, third.slug]
    assert first.slug == "first-steps"
    assert all(slug.startswith("first-steps-") for slug in slugs[1:])
    assert len({*slugs}) == 3
    assert await work.posts.get_many_by_slug(slugs) == {second.slug: second, third.slug: third}


async def test_a_draft_is_renamed_to_a_free_slug(store: Store, given: Given) -> None:
    """A rename meets the same rivals as a new post does."""
    ada = await given.a_user()
    await given.a_post(by=ada, title="Last words")
    draft = await given.a_post(by=ada, title="First steps", publish=False)
    edit = draft.edit(title="Last words", at=LATER)

    renamed = await given.written(lambda work: work.posts.update(edit))

    assert renamed == replace(edit.post, slug=renamed.slug)
    assert renamed.slug.startswith("last-words-")
    async with store.unit_of_work(domain.SignedIn(ada.id, ada.role)) as work:
        assert await work.posts.get(draft.id) == renamed


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda post: post.edit(body="Twice.", at=LATER), id="the-body"),
        pytest.param(
            lambda post: post.edit(status=domain.PostStatus.PUBLISHED, at=LATER), id="publishing"
        ),
        pytest.param(lambda post: post.edit(title="First: Steps!", at=LATER), id="the-like-title"),
    ],
)
async def test_a_draft_that_keeps_its_title_keeps_its_slug(
    given: Given, change: Callable[[domain.Post], domain.PostEdit]
) -> None:
    """With the ending it was given, and none on top of that."""
    ada = await given.a_user()
    await given.a_post(by=ada, title="First steps")
    draft = await given.a_post(by=ada, title="First steps", publish=False)

    updated = await given.written(lambda work: work.posts.update(change(draft)))

    assert draft.slug.startswith("first-steps-")
    assert updated.slug == draft.slug


async def test_a_slug_is_stable_once_published(given: Given) -> None:
    """Links go on working, though the title's own slug is free again or taken by another."""
    ada = await given.a_user()
    first, post, _ = [
        await given.a_post(by=ada, title=title)
        for title in ("First steps", "First steps", "Last words")
    ]

    renamed = await given.written(
        lambda work: work.posts.update(post.edit(title="Last words", at=LATER))
    )
    await given.written(lambda work: work.posts.delete(first.id))
    back = await given.written(
        lambda work: work.posts.update(renamed.edit(title="First steps", at=LATER))
    )

    assert post.slug.startswith("first-steps-")
    assert (renamed.title, renamed.slug) == ("Last words", post.slug)
    assert (back.title, back.slug) == ("First steps", post.slug)
