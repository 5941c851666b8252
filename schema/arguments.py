"""Arguments of fields, as they come: a connection's five, and what stands for one left out."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, TypeAlias, TypeVar

import strawberry
from strawberry import UNSET

import domain
from schema.cursors import decode_cursor
from schema.errors import BadRequest

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_OFFSET = 2**31 - 1

T = TypeVar("T")
Request: TypeAlias = domain.PageRequest[Any]

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many from the start, up to {MAX_PAGE_SIZE}; {DEFAULT_PAGE_SIZE} if unset."
    ),
]
After = Annotated[str | None, strawberry.argument(description="Only those after this cursor.")]
Last = Annotated[
    int | None,
    strawberry.argument(description=f"How many from the end instead, up to {MAX_PAGE_SIZE}."),
]
Before = Annotated[str | None, strawberry.argument(description="Only those before this cursor.")]
Offset = Annotated[
    int | None,
    strawberry.argument(
        description="How many to skip first, for numbered pages; not with cursors."
    ),
]


def given(value: T | None) -> T | None:
    """Take an argument that was left out for one that is null."""
    return None if value is UNSET else value


class Window(NamedTuple):
    """Which part of a list a client asks for: a connection's arguments, as they came.

    Strawberry reads a field's arguments off its resolver, so each list spells these five out.
    """

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None
    offset: int | None = None

    def to_domain(self, list_name: str, order: domain.Order, filter: Any) -> Request:
        """Ask for the page; raises `BadRequest` for arguments that can't be, alone or together."""

        def position(argument: str, text: str | None) -> domain.Cursor | None:
            if text is None:
                return None
            return decode_cursor(text, argument, list_name=list_name, order=order, filter=filter)

        first, after, last, before, offset = Window._make(map(given, self))
        if first is not None and last is not None:
            raise BadRequest("Arguments `first` and `last` exclude each other.")
        if offset is not None and (last, after, before) != (None, None, None):
            raise BadRequest("Argument `offset` goes with `first`, not with a cursor or `last`.")
        check_range("offset", offset, MAX_OFFSET)
        check_range("first", first, MAX_PAGE_SIZE)
        check_range("last", last, MAX_PAGE_SIZE)
        return domain.PageRequest(
            size=next((size for size in (first, last) if size is not None), DEFAULT_PAGE_SIZE),
            order=order,
            filter=filter,
            after=position("after", after),
            before=position("before", before),
            offset=offset or 0,
            backward=last is not None,
        )


def check_range(argument: str, value: int | None, most: int) -> None:
    """Refuse a number below 0 or above the most there can be; raises `BadRequest`."""
    if value is not None and not 0 <= value <= most:
        raise BadRequest(f"Argument `{argument}`: from 0 to {most:,}.")
