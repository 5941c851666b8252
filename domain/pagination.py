"""Reading a list one page at a time, from either end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Generic, Protocol, Self, TypeAlias, TypeVar

SortValue: TypeAlias = datetime | str | None


class OrderField(Enum):
    """What a list can be ordered by: an attribute of its entities, and the types of its values."""

    types: tuple[type, ...]

    def __new__(cls, attribute: str, *types: type) -> Self:
        member = object.__new__(cls)
        member._value_ = attribute
        member.types = types
        return member

    __hash__ = object.__hash__  # there is one of each; `Enum` would hash the name, in Python


class Listed(Protocol):
    """Anything that can stand in a list: it has a key, and the list's order fields."""

    @property
    def id(self) -> int: ...


FilterT = TypeVar("FilterT")
ListedT = TypeVar("ListedT", bound=Listed)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in an ordered list: a value, and the key that tells equal values apart."""

    value: SortValue
    id: int


@dataclass(frozen=True, slots=True)
class Order:
    """By one field, then by key in the same direction; what has no value comes last in both."""

    field: OrderField
    descending: bool

    def cursor(self, item: Listed) -> Cursor:
        """Tell an item's position."""
        return Cursor(getattr(item, self.field.value), item.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest(Generic[FilterT]):
    """The first `size` items between two cursors; or, backward, the last.

    Requests are values: equal ones ask for the same page. `offset` skips items
    before the first. An `inclusive` request takes the items at its cursors too. One that
    `looks_beyond` is told whether there is more.
    """

    size: int
    order: Order
    filter: FilterT
    after: Cursor | None = None
    before: Cursor | None = None
    offset: int = 0
    backward: bool = False
    inclusive: bool = False
    looks_beyond: bool = True

    @property
    def has_cursor(self) -> bool:
        """Whether it is bounded at all."""
        return self.after is not None or self.before is not None

    @property
    def limit(self) -> int:
        """How many to read: the one too many tells whether more lie beyond."""
        return self.size + self.looks_beyond

    def beyond(self, *, next: bool) -> PageRequest[FilterT] | None:
        """Ask for the empty page that starts where this one's bounds end, and leads away from it.

        Its `more` tells whether the list goes on there. What an offset skipped is
        behind the page if the list holds anything. None: nothing bounds that
        side, so nothing lies behind it.
        """
        bound = self.before if next else self.after
        if bound is None and (next or not self.offset):
            return None
        return replace(
            self,
            size=0,
            offset=0,
            after=bound if next else None,
            before=None if next else bound,
            backward=not next,
            inclusive=True,
            looks_beyond=True,
        )


@dataclass(frozen=True, slots=True)
class Page(Generic[ListedT]):
    """The items of one page in the list's order, and whether more lie in the way it was read.

    Nobody knows if nobody looked.
    """

    items: Sequence[ListedT]
    more: bool | None

    @classmethod
    def cut(cls, read: Sequence[ListedT], request: PageRequest[FilterT]) -> Page[ListedT]:
        """Cut a page from up to `limit` items, in the order they were read."""
        items = read[: request.size]
        more = len(read) > request.size if request.looks_beyond else None
        return cls(items[::-1] if request.backward else items, more)
