"""What a list, a page and its neighbourhood should be, worked out in plain Python."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import domain

ListedT = TypeVar("ListedT", bound=domain.Listed)


def in_order(items: Collection[ListedT], order: domain.Order) -> list[ListedT]:
    """Sort by value and key; what has no value comes last in both directions."""

    def position(item: ListedT) -> tuple[Any, int]:
        return getattr(item, order.field.value), item.id

    blank = [item for item in items if position(item)[0] is None]
    valued = [item for item in items if item not in blank]
    return [
        *sorted(valued, key=position, reverse=order.descending),
        *sorted(blank, key=lambda item: item.id, reverse=order.descending),
    ]


def page_of(items: Sequence[ListedT], request: domain.PageRequest[Any]) -> domain.Page[ListedT]:
    """Cut the page that a request without cursors asks for from an ordered list."""
    read = [*reversed(items)] if request.backward else [*items]
    return domain.Page.cut(read[request.offset :][: request.limit], request)


def matches(post: domain.Post, filter: domain.PostFilter, tag_names: Sequence[str]) -> bool:
    """Tell whether a post is one that a filter keeps; moments are exclusive."""
    after, before = filter.published_after, filter.published_before
    date = post.published_at
    return (
        (filter.author_id is None or post.author_id == filter.author_id)
        and (filter.tag is None or filter.tag in tag_names)
        and (filter.status is None or post.status is filter.status)
        and (after is None or (date is not None and date > after))
        and (before is None or (date is not None and date < before))
    )


def edge(items: Sequence[ListedT], order: domain.Order, bound: ListedT, *, behind: bool) -> int:
    """Count the items before a bound, and those at it too if asked for what is behind it.

    The bound need not be in the list: it is sorted in among the others.
    """
    others = [item for item in items if order.cursor(item) != order.cursor(bound)]
    at_it = len(items) - len(others)
    return in_order([*others, bound], order).index(bound) + (at_it if behind else 0)


async def walk(
    read: Callable[[domain.PageRequest[Any]], Awaitable[domain.Page[ListedT]]],
    request: domain.PageRequest[Any],
    *,
    between: Callable[[], Awaitable[None]] | None = None,
) -> list[ListedT]:
    """Follow the cursors of full pages to the end of a list, and return all that they showed."""
    seen: list[ListedT] = []
    while True:
        page = await read(request)
        items = [*page.items]
        seen = [*items, *seen] if request.backward else [*seen, *items]
        if not page.more:
            return seen
        assert len(items) == request.size
        if between:
            await between()
        if request.backward:
            request = replace(request, before=request.order.cursor(items[0]))
        else:
            request = replace(request, after=request.order.cursor(items[-1]))
