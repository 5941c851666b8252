"""The contract of posts under tags: what is listed there is what the posts themselves say.

In SQL the links have copies of what their lists are narrowed and ordered by.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

import domain
from tests.contract.test_races import race
from tests.factories import NOON, Given, Store, signed_in

pytestmark = pytest.mark.every_store

LATER = NOON + timedelta(hours=1)
NEWEST_FIRST = domain.PostFilter().default_order
MODERATOR = domain.SignedIn(domain.UserId(2**62), domain.Role.MODERATOR)
NOTHING = domain.TagId(2**62)
DRAFT, PUBLISHED, ARCHIVED = domain.PostStatus


async def seen_under(store: Store, viewer: domain.Viewer, *names: str) -> list[list[domain.PostId]]:
    """The keys of what a viewer finds under tags, asked in every way that there is."""
    async with store.unit_of_work(viewer) as work:
        tags = await work.tags.get_many_by_name(names)
        keys = [tag.id for tag in tags.values()]
        everything = domain.PageRequest(size=10, order=NEWEST_FIRST, filter=domain.PostFilter())
        pages = await work.posts.pages_by_tag(keys, everything)
        counts = await work.posts.counts_by_tag(keys, everything.filter)
        found = []
        for name in names:
            filter = domain.PostFilter(tag=name)  # noqa: A001 (the domain's word)
            page = await work.posts.page(replace(everything, filter=filter))
            key = tags[name].id if name in tags else NOTHING
            assert pages.get(key, domain.Page([], more=False)) == page
            assert await work.posts.count(filter) == len(page.items)
            assert counts.get(key, 0) == len(page.items)
            found.append([post.id for post in page.items])
    return found


@pytest.mark.parametrize("tags", [None, ["kept", "new"]], ids=["alone", "with-tags"])
async def test_a_tag_shows_a_post_as_far_as_it_has_come(
    store: Store, given: Given, tags: Sequence[str] | None
) -> None:
    """Published it is there for all, and archived it is gone, whether its tags change or not."""
    ada, bob = await given.a_user(), await given.a_user()
    post = await given.a_post(by=ada, tags=["kept"], publish=False)
    names = tags or ["kept"]

    async def seen_by_all(status: domain.PostStatus) -> list[list[list[domain.PostId]]]:
        async with store.unit_of_work(signed_in(ada)) as work:
            edit = (await work.posts.get(post.id)).edit(status=status, tags=tags, at=LATER)
        await given.written(lambda work: work.posts.update(edit))
        viewers = (None, signed_in(bob), signed_in(ada), MODERATOR)
        return [await seen_under(store, viewer, *names) for viewer in viewers]

    hidden: list[list[domain.PostId]] = [[] for _ in names]
    shown = [[post.id] for _ in names]
    assert await seen_by_all(PUBLISHED) == [shown, shown, shown, shown]
    assert await seen_by_all(ARCHIVED) == [hidden, hidden, shown, shown]
    assert await seen_by_all(DRAFT) == [hidden, hidden, shown, shown]
    assert await seen_by_all(PUBLISHED) == [shown, shown, shown, shown]


async def test_a_post_leaves_the_tags_that_it_loses(store: Store, given: Given) -> None:
    """And others stay where they are."""
    ada = await given.a_user()
    post = await given.a_post(by=ada, tags=["old", "kept"])
    other = await given.a_post(by=ada, tags=["old"])

    edit = post.edit(tags=["kept", "new"], at=LATER)
    await given.written(lambda work: work.posts.update(edit))

    found = await seen_under(store, None, "old", "kept", "new")
    assert found == [[other.id], [post.id], [post.id]]


async def test_whoever_publishes_and_whoever_retags_agree(store: Store, given: Given) -> None:
    """At once, one after the other has to begin anew: no link is left with what was before."""
    ada = await given.a_user()
    draft = await given.a_post(by=ada, tags=["old"], publish=False)

    async def edit(work: domain.UnitOfWork, n: int) -> None:
        mine = work.seen_by(signed_in(ada))

        async def write() -> None:
            post = await mine.posts.get_for_update(draft.id)
            publish, retag = (
                post.edit(status=PUBLISHED, at=LATER),
                post.edit(tags=["new"], at=LATER),
            )
            await mine.posts.update(publish if n % 2 else retag)

        await mine.transaction(write)

    await race(store, 6, edit)

    assert await seen_under(store, None, "old", "new") == [[], [draft.id]]


async def test_an_edit_of_what_has_changed_leaves_the_links_alone(
    store: Store, given: Given
) -> None:
    """Of two who edit the same version the first one wins, with tags and status alike."""
    ada = await given.a_user()
    draft = await given.a_post(by=ada, tags=["old"], publish=False)
    edits = [
        draft.edit(status=PUBLISHED, at=LATER),
        draft.edit(tags=["new"], at=LATER),
    ]

    async def update(work: domain.UnitOfWork, n: int) -> None:
        mine = work.seen_by(signed_in(ada))
        with suppress(domain.VersionConflict):
            await mine.transaction(lambda: mine.posts.update(edits[n]))

    await race(store, 2, update)

    async with store.unit_of_work(MODERATOR) as work:
        kept = await work.posts.get(draft.id)
    is_public = kept.status is PUBLISHED
    assert await seen_under(store, MODERATOR, "old", "new") == (
        [[draft.id], []] if is_public else [[], [draft.id]]
    )
    assert await seen_under(store, None, "old", "new") == [[draft.id] if is_public else [], []]
