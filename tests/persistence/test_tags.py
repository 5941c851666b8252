"""The contract of `domain.TagRepository`, on every database."""

from __future__ import annotations

import pytest

import domain
from tests.factories import NOON, Given

NOWHERE = domain.TagId(2**62)
BY_NAME = domain.Order(domain.TagOrderField.NAME, descending=False)


async def test_what_is_created_is_what_is_read(work: domain.UnitOfWork) -> None:
    """A new tag comes back with a key, and the same from then on."""
    async with work.transaction():
        tag = await work.tags.create(domain.NewTag.named("GraphQL", at=NOON))

    assert tag == domain.Tag(id=tag.id, name="graphql", created_at=NOON)
    assert await work.tags.get(tag.id) == tag


async def test_a_missing_tag_is_said_to_be_missing(work: domain.UnitOfWork) -> None:
    """Each read has its own way to say so, and there is nothing to delete."""
    assert await work.tags.find(NOWHERE) is None
    assert await work.tags.get_many([NOWHERE]) == {}
    assert await work.tags.get_many_by_name(["nothing"]) == {}
    with pytest.raises(domain.NotFound, match="No such tag"):
        await work.tags.get(NOWHERE)
    with pytest.raises(domain.NotFound, match="No such tag"):
        async with work.transaction():
            await work.tags.delete(NOWHERE)


async def test_many_are_found_by_key_and_by_name(work: domain.UnitOfWork, given: Given) -> None:
    """What does not exist is left out."""
    one, other = await given.a_tag(name="one"), await given.a_tag(name="other")

    assert await work.tags.get_many([other.id, NOWHERE]) == {other.id: other}
    assert await work.tags.get_many_by_name(["one", "none"]) == {"one": one}
    assert await work.tags.get_many_by_name([]) == {}


async def test_a_name_is_one_tag(work: domain.UnitOfWork, given: Given) -> None:
    """Two writers of a new tag agree on one."""
    await given.a_tag(name="graphql")

    with pytest.raises(domain.AlreadyTaken) as caught:
        async with work.transaction():
            await work.tags.create(domain.NewTag.named("GraphQL", at=NOON))

    assert caught.value.field == "name"
    assert await work.tags.count(None) == 1


async def test_the_tags_of_many_posts_come_by_name(work: domain.UnitOfWork, given: Given) -> None:
    """One question for all posts; one without tags is left out."""
    ada = await given.a_user()
    b, a, c = [await given.a_tag(name=name) for name in "bac"]
    one = await given.a_post(by=ada, tags=[b, c, a])
    other = await given.a_post(by=ada, tags=[b])
    bare = await given.a_post(by=ada)

    found = await work.tags.get_many_by_post([one.id, other.id, bare.id])

    assert found == {one.id: [a, b, c], other.id: [b]}
    assert await work.tags.get_many_by_post([]) == {}


async def test_a_deleted_tag_leaves_its_posts(work: domain.UnitOfWork, given: Given) -> None:
    """They lose the tag, and nothing else."""
    gone, kept = await given.a_tag(), await given.a_tag()
    post = await given.a_post(by=await given.a_user(), tags=[gone, kept])

    async with work.transaction():
        await work.tags.delete(gone.id)

    assert await work.tags.get_many([gone.id, kept.id]) == {kept.id: kept}
    assert await work.tags.get_many_by_post([post.id]) == {post.id: [kept]}
    assert await work.posts.get(post.id) == post


async def test_tags_are_listed_and_counted(work: domain.UnitOfWork, given: Given) -> None:
    """Used or not."""
    b, a, c = [await given.a_tag(name=name) for name in "bac"]

    page = await work.tags.page(domain.PageRequest(size=2, order=BY_NAME, filter=None))

    assert page == domain.Page([a, b], more=True)
    assert await work.tags.count(None) == len([a, b, c])
