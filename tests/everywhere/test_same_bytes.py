"""Clients must not be able to tell on which database a server runs."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

from tests.everywhere.conftest import Everywhere
from tests.everywhere.lists import List, Request, filtered, walks
from tests.everywhere.requests import LEFT, mistakes, mutations, others
from tests.everywhere.rows import ADMIN, TOKENS

PAGE_SIZE = 6


class Way(NamedTuple):
    """How to travel through a list: the arguments and what tells where to go on."""

    size: str
    bound: str
    goes_on: str
    cursor: str


FORWARDS = Way("first", "after", "hasNextPage", "endCursor")
BACKWARDS = Way("last", "before", "hasPreviousPage", "startCursor")


async def travel(
    everywhere: Everywhere, way: Way, of: List, order: Mapping[str, Any], token: str | None
) -> list[list[str]]:
    """Read a list page by page to its end; the IDs on each page."""
    pages, window = [], {way.size: PAGE_SIZE}
    while True:
        answer = await everywhere.ask(of.request(token, **order, **window))
        page = answer["data"][of.name]
        pages.append([node["id"] for node in page["nodes"]])
        if not page["pageInfo"][way.goes_on]:
            return pages
        window[way.bound] = page["pageInfo"][way.cursor]


async def test_lists_are_the_same_bytes_in_each_order(everywhere: Everywhere) -> None:
    """From both ends, and each cursor comes from another database than the last."""
    for of, order, token in walks():
        forwards = await travel(everywhere, FORWARDS, of, order, token)
        backwards = await travel(everywhere, BACKWARDS, of, order, token)

        assert [*chain(*forwards)] == [*chain(*reversed(backwards))]
        assert len(forwards) > 1

    assert not everywhere.differences, "\n".join(everywhere.differences)


async def test_filters_are_the_same_bytes_in_each_order(everywhere: Everywhere) -> None:
    """What a filter finds is counted alike, and numbered pages begin at the same row."""
    for request in filtered():
        assert "errors" not in await everywhere.ask(request)

    assert not everywhere.differences, "\n".join(everywhere.differences)


async def test_answers_are_the_same_bytes(everywhere: Everywhere) -> None:
    """Nested pages with their counts, and things alone, to the microsecond."""
    for request in others():
        assert "errors" not in await everywhere.ask(request)

    assert not everywhere.differences, "\n".join(everywhere.differences)


async def test_mistakes_are_answered_by_the_same_bytes(everywhere: Everywhere) -> None:
    """What is said of a cursor or an ID does not depend on what a driver says."""
    for request in mistakes():
        assert "errors" in await everywhere.ask(request)

    assert not everywhere.differences, "\n".join(everywhere.differences)


async def test_writing_is_answered_by_the_same_bytes(everywhere: Everywhere) -> None:
    """What was made, under which key, what could not be, and what the lists say afterwards."""
    for outcome, request in mutations():
        answer = await everywhere.ask(request)

        [member] = answer["data"].values()
        assert member["__typename"] == outcome
    assert "errors" not in await everywhere.ask(Request(LEFT, token=TOKENS[ADMIN]))

    assert not everywhere.differences, "\n".join(everywhere.differences)
