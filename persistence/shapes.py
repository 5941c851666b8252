"""What is asked, parted into its shape, which decides the statement, and its values.

A statement is built with parameters in place of the values, once for all questions of a shape.
What the code that builds it decides by belongs to the shape: whether there is a value at all,
which member of an enum it is, and whether it is the viewer's own key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Integer,
    SQLColumnExpression,
    String,
    any_,
    bindparam,
)

import domain
from persistence.types import Key

Shape: TypeAlias = tuple[Any, ...]
NO_FILTER: Shape = ()


@dataclass(frozen=True, slots=True)
class Keys:
    """The parameter that holds all the keys that are asked for."""

    is_array: bool

    def among(self, column: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        """Keep to the rows that have one of them in this column."""
        if not self.is_array:
            return column.in_(bindparam("keys", expanding=True))
        # Of any length, or PostgreSQL would cut what is longer than the column, and find that.
        typed: Any = column
        item = Key() if isinstance(typed.type, Key) else String()
        return column == any_(bindparam("keys", type_=ARRAY(item)))

    def values(self, keys: Collection[Any]) -> list[Any]:
        """List the keys; where each is a parameter, repeat one until there is a power of two.

        So there are few statements for all the numbers of keys that may be asked for.
        """
        values = [*keys]
        if not self.is_array:
            missing = (1 << (len(values) - 1).bit_length()) - len(values)
            values.extend([values[-1]] * missing)
        return values

    def shape(self, values: Sequence[Any]) -> int:
        """Tell what of their number the statement depends on."""
        return 0 if self.is_array else len(values)


ARRAY_OF_KEYS, LIST_OF_KEYS = Keys(is_array=True), Keys(is_array=False)


@dataclass(frozen=True, slots=True)
class Position:
    """A cursor, as parameters; one among the NULLs has no value."""

    value: BindParameter[Any] | None
    id: BindParameter[int]

    @classmethod
    def of(cls, cursor: domain.Cursor | None, name: str) -> Position | None:
        """Put parameters in place of a cursor's values."""
        if cursor is None:
            return None
        value: Any = None if cursor.value is None else bindparam(f"{name}_value")
        return cls(value, bindparam(f"{name}_id"))


@dataclass(frozen=True, slots=True)
class Window:
    """A page request, as parameters. What the page has, and what is skipped, is `most` in all."""

    order: domain.Order
    limit: BindParameter[int]
    most: BindParameter[int]
    offset: BindParameter[int] | None
    after: Position | None
    before: Position | None
    backward: bool
    inclusive: bool

    @classmethod
    def of(cls, request: domain.PageRequest[Any]) -> Window:
        """Put parameters in place of a request's values."""
        return cls(
            order=request.order,
            limit=bindparam("limit", type_=Integer),
            most=bindparam("most", type_=Integer),
            offset=bindparam("offset", type_=Integer) if request.offset else None,
            after=Position.of(request.after, "after"),
            before=Position.of(request.before, "before"),
            backward=request.backward,
            inclusive=request.inclusive,
        )


def request_shape(request: domain.PageRequest[Any]) -> Shape:
    """Tell what of a page request the statement depends on, but for its filter."""
    order, after, before = request.order, request.after, request.before
    return (
        order.field,
        order.descending,
        request.backward,
        request.inclusive,
        request.offset > 0,
        after and (after.value is None),
        before and (before.value is None),
    )


def request_values(request: domain.PageRequest[Any]) -> dict[str, Any]:
    """Give the values of a page request, but for its filter's."""
    limit, offset = request.limit, request.offset
    values: dict[str, Any] = {"limit": limit, "most": offset + limit, "offset": offset}
    if request.after is not None:
        values["after_value"], values["after_id"] = request.after.value, request.after.id
    if request.before is not None:
        values["before_value"], values["before_id"] = request.before.value, request.before.id
    return values


def filter_shape(given: Any, own: int | None) -> Shape:
    """Tell what of a filter the statement depends on."""
    if given is None:
        return NO_FILTER
    return tuple(
        value if value is None or isinstance(value, Enum) else value == own
        for value in fields_of(given.__class__).values(given)
    )


def filter_values(given: Any) -> dict[str, Any]:
    """Give the values of a filter."""
    if given is None:
        return {}
    known = fields_of(given.__class__)
    return dict(zip(known.parameters, known.values(given), strict=True))


def filter_of_parameters(given: Any, own: int | None, viewer: domain.Viewer) -> Any:
    """Put parameters in place of a filter's values: the viewer's, where it is the same."""
    if given is None:
        return None
    known = fields_of(given.__class__)
    parameters: dict[str, Any] = {
        name: viewer.id if viewer is not None and value == own else bindparam(parameter)
        for name, parameter, value in zip(
            known.names, known.parameters, known.values(given), strict=True
        )
        if value is not None and not isinstance(value, Enum)
    }
    return replace(given, **parameters)


def viewer_of_parameters(viewer: domain.Viewer) -> domain.Viewer:
    """Put a parameter in place of a viewer's key."""
    if viewer is None:
        return None
    key: Any = bindparam("viewer_id", type_=Key)
    return domain.SignedIn(key, viewer.role)


class Fields(NamedTuple):
    """The fields of a filter's class, the parameters for them, and what gets their values."""

    names: Sequence[str]
    parameters: Sequence[str]
    values: Callable[[Any], tuple[Any, ...]]


@cache
def fields_of(kind: Any) -> Fields:
    """Look at the fields of a filter's class."""
    names = [each.name for each in fields(kind)]
    return Fields(names, [f"filter_{name}" for name in names], attrgetter(*names))
