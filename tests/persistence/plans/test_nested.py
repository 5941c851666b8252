"""Pages of a hundred parents in one statement read the pages, and not the lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import pytest

import domain
from persistence import Database
from tests.databases import Backend
from tests.persistence.plans.cases import orders
from tests.persistence.plans.library import (
    BUSY_AUTHOR,
    HOT_POST,
    MEMBER,
    MODERATOR,
    PARENTS,
    Library,
)
from tests.persistence.plans.meters import Reading, measure, sent_by

FIRST = 3
SIZE = 20
EVERYTHING = domain.PostFilter()
OLDEST_FIRST = domain.Order(domain.CommentOrderField.CREATED_AT, descending=False)
SOME_PARENTS = 2_000  # PostgreSQL reads the users as a whole to find a hundred of them

Read: TypeAlias = Callable[[domain.UnitOfWork], Awaitable[object]]


def posts(way: str, order: domain.Order) -> Read:
    """Read the first posts of a hundred authors or tags."""
    request = domain.PageRequest(size=FIRST, order=order, filter=EVERYTHING)
    parents: Any = [*PARENTS]
    return lambda work: getattr(work.posts, way)(parents, request)


def comments(way: str) -> Read:
    """Read the first comments on a hundred posts, or of a hundred users."""
    request = domain.PageRequest(size=FIRST, order=OLDEST_FIRST, filter=None)
    parents: Any = [*PARENTS]
    return lambda work: getattr(work.comments, way)(parents, request)


READS = {
    **{
        f"posts of authors by {order.field.name} {order.descending}": posts(
            "pages_by_author", order
        )
        for order in orders(domain.PostOrderField)
    },
    "posts of tags": posts("pages_by_tag", EVERYTHING.default_order),
    "comments on posts": comments("pages_by_post"),
    "comments of authors": comments("pages_by_author"),
}


@pytest.mark.backends("postgresql", "mysql", "sqlite")  # MariaDB ranks all children
@pytest.mark.parametrize("viewer", [None, MEMBER, MODERATOR], ids=["public", "member", "moderator"])
@pytest.mark.parametrize("name", READS)
async def test_a_hundred_parents_cost_a_hundred_pages(
    stocked: Database,
    backend: Backend,
    library: Library,
    figures: list[str],
    viewer: domain.Viewer,
    name: str,
) -> None:
    """However long their lists are, of which a moderator sees three parts."""
    async with stocked.unit_of_work(viewer) as work, sent_by(stocked) as sent:
        await READS[name](work)
    (statement,) = sent

    found = await measure(stocked, statement, is_small=library.is_small)

    who = "public" if viewer is None else viewer.role.value.lower()
    figures.append(
        f"{backend.id} | {library.posts} | {name} | {who} | {found.read}/{found.returned}"
    )
    assert found.returned > 2 * len(PARENTS)
    per_row = 200 if backend.id == "sqlite" else 5
    assert found.read <= per_row * found.returned + SOME_PARENTS, found.plan


@pytest.mark.parametrize("viewer", [None, MEMBER], ids=["public", "member"])
@pytest.mark.parametrize(
    ("kind", "way", "parent", "order"),
    [
        ("posts", "pages_by_author", BUSY_AUTHOR, EVERYTHING.default_order),
        ("posts", "pages_by_tag", 1, EVERYTHING.default_order),
        ("comments", "pages_by_post", HOT_POST, OLDEST_FIRST),
        ("comments", "pages_by_author", BUSY_AUTHOR, OLDEST_FIRST),
    ],
)
async def test_a_single_parent_costs_a_page(
    stocked: Database,
    backend: Backend,
    library: Library,
    viewer: domain.Viewer,
    kind: str,
    way: str,
    parent: int,
    order: domain.Order,
) -> None:
    """On MariaDB too, and deep in its list as at the start."""
    filter = EVERYTHING if kind == "posts" else None  # noqa: A001 (the domain's word)
    start = domain.PageRequest(size=SIZE, order=order, filter=filter)

    async def read(request: domain.PageRequest[Any]) -> tuple[Sequence[Any], Reading]:
        async with stocked.unit_of_work(viewer) as work, sent_by(stocked) as sent:
            page = (await getattr(getattr(work, kind), way)([parent], request))[parent]
        return page.items, await measure(stocked, sent[-1], is_small=library.is_small)

    (first, at_start), (skipped, _) = await read(start), await read(replace(start, offset=1))
    _, deep = await read(replace(start, after=order.cursor(first[-1])))

    assert [item.id for item in skipped][:-1] == [item.id for item in first][1:]
    for found in (at_start, deep):
        most = 200 * SIZE if backend.id == "sqlite" else 4 * (SIZE + 1)
        assert found.returned == SIZE + 1
        assert found.read <= most, found.plan
