"""Pages of lists in memory: sorted anew for each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

import domain

ListedT = TypeVar("ListedT", bound=domain.Listed)
KeyT = TypeVar("KeyT")


def in_order(items: Iterable[ListedT], order: domain.Order) -> list[ListedT]:
    """Sort by value and key; what has no value comes last in both directions."""
    items = sorted(items, key=lambda item: item.id, reverse=order.descending)
    valued = [item for item in items if order.cursor(item).value is not None]
    blank = [item for item in items if order.cursor(item).value is None]

    def value(item: ListedT) -> Any:
        return order.cursor(item).value

    return [*sorted(valued, key=value, reverse=order.descending), *blank]


def precedes(one: domain.Cursor, other: domain.Cursor, order: domain.Order) -> bool:
    """Tell whether a position comes before another in an order."""
    if one.value == other.value:
        return one.id > other.id if order.descending else one.id < other.id
    if one.value is None or other.value is None:
        return other.value is None
    is_less: bool = one.value < other.value  # type: ignore[operator] # of one list, so of one type
    return is_less is not order.descending


def is_between_cursors(item: domain.Listed, request: domain.PageRequest[Any]) -> bool:
    """Tell whether an item comes after one cursor and before the other."""
    here, order = request.order.cursor(item), request.order
    if request.inclusive and here in {request.after, request.before}:
        return True
    return (request.after is None or precedes(request.after, here, order)) and (
        request.before is None or precedes(here, request.before, order)
    )


def page_of(items: Iterable[ListedT], request: domain.PageRequest[Any]) -> domain.Page[ListedT]:
    """Read a page of some items."""
    listed = in_order(items, request.order)
    bounded = [item for item in listed if is_between_cursors(item, request)]
    read = bounded[::-1] if request.backward else bounded
    return domain.Page.cut(read[request.offset :][: request.limit], request)


def by_parent(
    items: Iterable[ListedT],
    parents: Collection[KeyT],
    parents_of: Callable[[ListedT], Collection[KeyT]],
) -> Mapping[KeyT, list[ListedT]]:
    """Sort items by parent, of those that have any."""
    items = [*items]
    found = {key: [item for item in items if key in parents_of(item)] for key in parents}
    return {key: children for key, children in found.items() if children}
