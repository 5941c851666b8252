"""The contract of `domain.UnitOfWork.reading`: what is heavy is read by whoever wants it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

import domain
from tests.factories import NOON, Given

pytestmark = pytest.mark.every_store

NOTHING = frozenset[str]()
BODIES = frozenset({"Post.body", "Comment.body"})
MOMENTS = frozenset({"Post.created_at", "User.updated_at", "Tag.created_at"})
POSTS = domain.PostFilter()


def page_of(field: domain.OrderField, filter: Any = None) -> domain.PageRequest[Any]:
    return domain.PageRequest(size=3, order=domain.Order(field, descending=False), filter=filter)


async def everything_read(
    work: domain.UnitOfWork, post: domain.Post, comment: domain.Comment
) -> list[Any]:
    """Read a post, its author and a comment in each of the ways that there are."""
    posts = page_of(domain.PostOrderField.TITLE, POSTS)
    comments = page_of(domain.CommentOrderField.CREATED_AT)
    users = page_of(domain.UserOrderField.USERNAME, domain.UserFilter())
    author = post.author_id
    return [
        await work.posts.get(post.id),
        (await work.posts.get_many([post.id]))[post.id],
        (await work.posts.get_many_by_slug([post.slug]))[post.slug],
        *(await work.posts.page(posts)).items,
        *(await work.posts.pages_by_author([author], posts))[author].items,
        await work.comments.get(comment.id),
        *(await work.comments.pages_by_post([post.id], comments))[post.id].items,
        *(await work.comments.pages_by_author([author], comments))[author].items,
        await work.users.get(author),
        *(await work.users.page(users)).items,
        *(await work.tags.get_many_by_name(["a"])).values(),
        *(await work.tags.get_many_by_post([post.id]))[post.id],
    ]


def attributes(entity: Any) -> set[str]:
    return {each.name for each in fields(entity) if hasattr(entity, each.name)}


@pytest.mark.parametrize(
    "wanted", [NOTHING, frozenset({"User.bio"}), BODIES, MOMENTS, domain.HEAVY]
)
async def test_only_what_is_wanted_of_what_is_heavy_is_read(
    work: domain.UnitOfWork, given: Given, wanted: frozenset[str]
) -> None:
    """The others are no attributes, so that nobody takes what was not read for empty."""
    post = await given.a_post(by=await given.a_user(), tags=["a"], body="Long.")
    comment = await given.a_comment(on=post, by=await work.users.get(post.author_id))

    found = await everything_read(work.reading(wanted), post, comment)

    assert len(found) == 12
    for entity in found:
        kind = type(entity).__name__
        missing = {name for name in domain.HEAVY - wanted if name.startswith(kind)}
        names = {each.name for each in fields(entity)}
        assert attributes(entity) == names - {name.partition(".")[2] for name in missing}


async def test_all_of_it_is_read_by_default(work: domain.UnitOfWork, given: Given) -> None:
    """Also by who wants nothing, and then all of it again."""
    post = await given.a_post(by=await given.a_user(), body="Long.")

    assert (await work.posts.get(post.id)).body == "Long."
    assert (await work.reading(NOTHING).reading(domain.HEAVY).posts.get(post.id)).body == "Long."


async def test_another_viewer_reads_the_same(work: domain.UnitOfWork, given: Given) -> None:
    """What an operation asks for is known before who asks."""
    post = await given.a_post(by=await given.a_user(), body="Long.")
    viewer = domain.SignedIn(post.author_id, domain.Role.MEMBER)

    assert not hasattr(await work.reading(NOTHING).seen_by(viewer).posts.get(post.id), "body")


async def test_what_is_read_to_be_changed_has_all_of_it(
    work: domain.UnitOfWork, given: Given
) -> None:
    """An edit writes the whole entity, and would lose what it did not have."""
    post = await given.a_post(by=await given.a_user(), body="Long.")
    bare = work.reading(NOTHING)

    async def edit() -> domain.Post:
        current = await bare.posts.get_for_update(post.id)
        edited = current.edit(title="Another", at=NOON + timedelta(hours=1))
        return await bare.posts.update(edited)

    edited = await work.transaction(edit)

    assert edited.body == "Long."
    assert await work.posts.get(post.id) == edited


async def test_what_is_created_has_all_of_it(work: domain.UnitOfWork, given: Given) -> None:
    """It was just brought, and comes back as it is."""
    ada = await given.a_user()
    new = domain.NewPost.write(author_id=ada.id, title="Title", body="Long.", publish=True, at=NOON)

    post = await work.transaction(lambda: work.reading(NOTHING).posts.create(new))

    assert post.body == "Long."
    assert replace(post, body="") == replace(await work.posts.get(post.id), body="")
