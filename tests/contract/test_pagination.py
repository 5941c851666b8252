"""Pages against an oracle: whatever is kept, and however it is asked for.

Hypothesis draws small data sets with ties and missing values, and the requests.
The right answer is a sorted list in Python, which knows nothing of keysets.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain
from tests.contract.oracle import edge, in_order, matches, page_of, walk
from tests.contract.rows import (
    AUTHORS,
    MOMENTS,
    TAGS,
    Shelf,
    a_post,
    a_user,
    comments_on,
    forget,
    keep,
    keep_shelf,
    shelves,
    some_tags,
    some_users,
)
from tests.factories import Given, Store

KeyT = TypeVar("KeyT")
ListedT = TypeVar("ListedT", bound=domain.Listed)
PostRequest: TypeAlias = domain.PageRequest[domain.PostFilter]

pytestmark = pytest.mark.every_store

MODERATOR = domain.SignedIn(domain.UserId(99), domain.Role.MODERATOR)
VIEWERS = [None, domain.SignedIn(AUTHORS[0], domain.Role.MEMBER), MODERATOR]
EMPTY: domain.Page[Any] = domain.Page([], more=False)
ALL_POSTS = domain.PostFilter()

moments = st.none() | st.sampled_from(MOMENTS)
post_filters = st.builds(
    domain.PostFilter,
    author_id=st.none() | st.sampled_from(AUTHORS),
    tag=st.none() | st.sampled_from([*(f"tag-{n}" for n in TAGS), "none"]),
    status=st.none() | st.sampled_from(domain.PostStatus),
    published_after=moments,
    published_before=moments,
)
user_filters = st.builds(
    domain.UserFilter,
    username_prefix=st.none() | st.sampled_from(["", "a", "ab", "_"]),
    role=st.none() | st.sampled_from(domain.Role),
    joined_after=moments,
    joined_before=moments,
)
no_filter: st.SearchStrategy[None] = st.none()


def requests(
    fields: type[domain.OrderField],
    filters: st.SearchStrategy[Any],
    *,
    sizes: st.SearchStrategy[int] = st.integers(1, 5),  # noqa: B008 - strategies are immutable
    **more: st.SearchStrategy[Any],
) -> st.SearchStrategy[domain.PageRequest[Any]]:
    """Requests in any order, with whatever else they may have."""
    orders = st.builds(domain.Order, st.sampled_from(fields), st.booleans())
    return st.builds(domain.PageRequest, size=sizes, order=orders, filter=filters, **more)


def listed(shelf: Shelf, request: PostRequest, viewer: domain.Viewer) -> list[domain.Post]:
    """The list that a viewer should see."""
    seen = [
        post
        for post in shelf.posts
        if matches(post, request.filter, [f"tag-{n}" for n in shelf.tags_of[post.id]])
        and (
            post.status is domain.PostStatus.PUBLISHED
            or viewer is MODERATOR
            or (viewer is not None and post.author_id == viewer.id)
        )
    ]
    return in_order(seen, request.order)


def agree(
    pages: Mapping[KeyT, domain.Page[ListedT]],
    lists: Mapping[KeyT, Collection[ListedT]],
    request: domain.PageRequest[Any],
) -> bool:
    """Compare the pages of parents with their ordered lists; an empty one may be left out."""
    return all(pages.get(key, EMPTY) == page_of([*items], request) for key, items in lists.items())


@given(
    shelf=shelves(),
    asked=requests(domain.PostOrderField, post_filters),
    viewer=st.sampled_from(VIEWERS),
)
async def test_posts_read_to_the_end_are_the_sorted_list(
    store: Store, shelf: Shelf, asked: PostRequest, viewer: domain.Viewer
) -> None:
    """From either end, in pages of any size: nothing missed, repeated or out of order."""
    await keep_shelf(store, shelf)

    async with store.unit_of_work(viewer) as work:
        forward = await walk(work.posts.page, asked)
        backward = await walk(work.posts.page, replace(asked, backward=True))
        count = await work.posts.count(asked.filter)

    assert forward == backward == listed(shelf, asked, viewer)
    assert count == len(forward)


@given(users=some_users(), asked=requests(domain.UserOrderField, user_filters))
async def test_users_read_to_the_end_are_the_sorted_list(
    store: Store, users: list[domain.User], asked: domain.PageRequest[domain.UserFilter]
) -> None:
    """Underscores sort as characters, and a prefix is no pattern."""
    await forget(store)
    await keep(store, users)

    async with store.unit_of_work() as work:
        forward = await walk(work.users.page, asked)
        backward = await walk(work.users.page, replace(asked, backward=True))
        count = await work.users.count(asked.filter)

    filter_ = asked.filter
    expected = [
        user
        for user in users
        if user.username.startswith(filter_.username_prefix or "")
        and filter_.role in {None, user.role}
        and (filter_.joined_after is None or user.created_at > filter_.joined_after)
        and (filter_.joined_before is None or user.created_at < filter_.joined_before)
    ]
    assert forward == backward == in_order(expected, asked.order)
    assert count == len(forward)


@given(tags=some_tags(), asked=requests(domain.TagOrderField, no_filter))
async def test_tags_read_to_the_end_are_the_sorted_list(
    store: Store, tags: list[domain.Tag], asked: domain.PageRequest[None]
) -> None:
    """Dashes sort as characters."""
    await forget(store)
    await keep(store, tags)

    async with store.unit_of_work(MODERATOR) as work:
        forward = await walk(work.tags.page, asked)
        backward = await walk(work.tags.page, replace(asked, backward=True))

    assert forward == backward == in_order(tags, asked.order)


@given(
    shelf=shelves(),
    asked=requests(
        domain.PostOrderField,
        post_filters,
        sizes=st.integers(0, 5),
        offset=st.integers(0, 3),
        backward=st.booleans(),
    ),
)
async def test_many_parents_have_the_pages_they_would_have_alone(
    store: Store, shelf: Shelf, asked: PostRequest
) -> None:
    """One statement for all authors, and for all tags, whose posts overlap."""
    await keep_shelf(store, shelf)

    async with store.unit_of_work(MODERATOR) as work:
        by_author = await work.posts.pages_by_author(AUTHORS, asked)
        by_tag = await work.posts.pages_by_tag(TAGS, asked)
        author_counts = await work.posts.counts_by_author(AUTHORS, asked.filter)
        tag_counts = await work.posts.counts_by_tag(TAGS, asked.filter)

    seen = listed(shelf, asked, MODERATOR)
    of_author = {key: [post for post in seen if post.author_id == key] for key in AUTHORS}
    of_tag = {key: [post for post in seen if key in shelf.tags_of[post.id]] for key in TAGS}
    assert agree(by_author, of_author, asked)
    assert agree(by_tag, of_tag, asked)
    assert author_counts == {key: len(posts) for key, posts in of_author.items() if posts}
    assert tag_counts == {key: len(posts) for key, posts in of_tag.items() if posts}


@given(
    shelf=shelves(),
    asked=requests(domain.PostOrderField, st.just(ALL_POSTS), backward=st.booleans()),
    tag_id=st.sampled_from(TAGS),
    author_id=st.sampled_from(AUTHORS),
)
async def test_a_parents_pages_read_to_the_end_are_its_sorted_list(
    store: Store,
    shelf: Shelf,
    asked: PostRequest,
    tag_id: domain.TagId,
    author_id: domain.UserId,
) -> None:
    """Cursors mean the same in a parent's list as in the list of all."""
    await keep_shelf(store, shelf)

    async with store.unit_of_work(MODERATOR) as work:

        async def of_tag(request: PostRequest) -> domain.Page[domain.Post]:
            return (await work.posts.pages_by_tag(TAGS, request)).get(tag_id, EMPTY)

        async def of_author(request: PostRequest) -> domain.Page[domain.Post]:
            return (await work.posts.pages_by_author(AUTHORS, request)).get(author_id, EMPTY)

        under_tag = await walk(of_tag, asked)
        by_author = await walk(of_author, asked)

    seen = listed(shelf, asked, MODERATOR)
    assert under_tag == [post for post in seen if tag_id in shelf.tags_of[post.id]]
    assert by_author == [post for post in seen if post.author_id == author_id]


@given(
    shelf=shelves(min_size=1),
    asked=requests(
        domain.CommentOrderField,
        no_filter,
        sizes=st.integers(0, 5),
        offset=st.integers(0, 3),
        backward=st.booleans(),
    ),
    data=st.data(),
)
async def test_many_conversations_have_the_pages_they_would_have_alone(
    store: Store, shelf: Shelf, asked: domain.PageRequest[None], data: st.DataObject
) -> None:
    """By post and by author, for the public, who see those on published posts."""
    comments = data.draw(comments_on(shelf.posts))
    await forget(store)
    await keep(store, [a_user(n, f"user{n}") for n in AUTHORS], shelf.posts, comments)
    post_ids = [post.id for post in shelf.posts]

    async with store.unit_of_work() as work:
        by_post = await work.comments.pages_by_post(post_ids, asked)
        by_author = await work.comments.pages_by_author(AUTHORS, asked)

    public = {post.id for post in shelf.posts if post.status is domain.PostStatus.PUBLISHED}
    seen = in_order([each for each in comments if each.post_id in public], asked.order)
    on_post = {key: [each for each in seen if each.post_id == key] for key in post_ids}
    of_author = {key: [each for each in seen if each.author_id == key] for key in AUTHORS}
    assert agree(by_post, on_post, asked)
    assert agree(by_author, of_author, asked)


@given(
    shelf=shelves(),
    asked=requests(domain.PostOrderField, st.just(ALL_POSTS), backward=st.booleans()),
    bounds=st.tuples(*[st.none() | st.integers(1, 12).flatmap(a_post)] * 2),
)
async def test_a_page_between_bounds_knows_what_lies_on_both_sides(
    store: Store,
    shelf: Shelf,
    asked: PostRequest,
    bounds: tuple[domain.Post | None, domain.Post | None],
) -> None:
    """Even if the items at its bounds are gone, or the bounds have crossed."""
    await keep_shelf(store, shelf)
    after, before = (asked.order.cursor(post) if post else None for post in bounds)
    asked = replace(asked, after=after, before=before)

    async with store.unit_of_work(MODERATOR) as work:
        page = await work.posts.page(asked)
        bare = await work.posts.page(replace(asked, looks_beyond=False))
        following, preceding = asked.beyond(next=True), asked.beyond(next=False)
        goes_on = following is not None and (await work.posts.page(following)).more
        came_before = preceding is not None and (await work.posts.page(preceding)).more

    whole = listed(shelf, asked, MODERATOR)
    start = edge(whole, asked.order, bounds[0], behind=True) if bounds[0] else 0
    end = edge(whole, asked.order, bounds[1], behind=False) if bounds[1] else len(whole)
    between = whole[start:end]
    assert page.items == (between[-asked.size :] if asked.backward else between[: asked.size])
    assert page.more is (len(between) > asked.size)
    assert bare == replace(page, more=None)
    assert (came_before, goes_on) == (start > 0, end < len(whole))


@given(
    shelf=shelves(),
    asked=requests(
        domain.PostOrderField,
        st.just(ALL_POSTS),
        sizes=st.integers(1, 3),
        backward=st.booleans(),
    ),
    data=st.data(),
)
async def test_what_stays_is_read_once_whatever_comes_and_goes(
    store: Store, shelf: Shelf, asked: PostRequest, data: st.DataObject
) -> None:
    """Between two pages posts are written and deleted, even the one the cursor was taken from."""
    await keep_shelf(store, shelf)
    stayed = {post.id: post for post in shelf.posts}
    comers = [data.draw(a_post(n)) for n in range(100, 105)]

    async def change() -> None:
        if data.draw(st.booleans()) and stayed:
            goer = data.draw(st.sampled_from([*stayed]))
            await Given(store).written(lambda work: work.posts.delete(goer))
            del stayed[goer]
        if data.draw(st.booleans()) and comers:
            await keep(store, [comers.pop()])

    async with store.unit_of_work(MODERATOR) as work:
        seen = await walk(work.posts.page, asked, between=change)

    assert seen == in_order(seen, asked.order)
    assert len({post.id for post in seen}) == len(seen)
    assert [post for post in seen if post.id in stayed] == in_order([*stayed.values()], asked.order)
