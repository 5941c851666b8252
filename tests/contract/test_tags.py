"""The contract of `domain.TagRepository`, as moderators see it; others see less."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

import domain
from tests.factories import NOON, Given, Store

pytestmark = pytest.mark.every_store

NOWHERE = domain.TagId(2**62)
BY_NAME = domain.Order(domain.TagOrderField.NAME, descending=False)
LATER = NOON.replace(hour=13)
MODERATOR = domain.SignedIn(domain.UserId(2**62), domain.Role.MODERATOR)


@pytest.fixture
async def work(store: Store) -> AsyncGenerator[domain.UnitOfWork]:
    """The unit of work of one request by somebody who sees every tag."""
    async with store.unit_of_work(MODERATOR) as work:
        yield work


async def test_tags_are_made_as_named(work: domain.UnitOfWork) -> None:
    """New ones come back with a key, in the order they are named, and the same from then on."""
    tags = await work.transaction(lambda: work.tags.get_or_create(["b", "a"], at=NOON))

    b, a = tags
    assert tags == [
        domain.Tag(id=b.id, name="b", created_at=NOON),
        domain.Tag(id=a.id, name="a", created_at=NOON),
    ]
    assert await work.tags.get_many([a.id, b.id]) == {a.id: a, b.id: b}


async def test_a_name_is_one_tag(work: domain.UnitOfWork, given: Given) -> None:
    """What there is already is not made again, whoever sees it, and keeps its date."""
    drafted = await given.a_tag(name="drafted")
    ada = await given.a_user()
    await given.a_post(by=ada, tags=[drafted], publish=False)

    again = await given.written(lambda work: work.tags.get_or_create(["new", "drafted"], at=LATER))

    assert again[1] == drafted
    assert again[0].created_at == LATER
    assert await work.tags.count(None) == 2


async def test_no_names_are_no_tags(work: domain.UnitOfWork) -> None:
    """An empty question is a question too."""
    assert await work.transaction(lambda: work.tags.get_or_create([], at=NOON)) == []
    assert await work.tags.count(None) == 0


async def test_a_missing_tag_is_said_to_be_missing(work: domain.UnitOfWork) -> None:
    """Each read has its own way to say so."""
    assert await work.tags.find(NOWHERE) is None
    assert await work.tags.get_many([NOWHERE]) == {}
    assert await work.tags.get_many_by_name(["nothing"]) == {}
    with pytest.raises(domain.NotFound, match="No such tag"):
        await work.tags.get(NOWHERE)


async def test_many_are_found_by_key_and_by_name(work: domain.UnitOfWork, given: Given) -> None:
    """What does not exist is left out."""
    one, other = await given.a_tag(name="one"), await given.a_tag(name="other")

    assert await work.tags.get_many([other.id, NOWHERE]) == {other.id: other}
    assert await work.tags.get_many_by_name(["one", "none"]) == {"one": one}
    assert await work.tags.get_many_by_name([]) == {}


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


async def test_tags_are_listed_and_counted(work: domain.UnitOfWork, given: Given) -> None:
    """Used or not."""
    b, a, c = [await given.a_tag(name=name) for name in "bac"]

    page = await work.tags.page(domain.PageRequest(size=2, order=BY_NAME, filter=None))

    assert page == domain.Page([a, b], more=True)
    assert await work.tags.count(None) == len([a, b, c])
