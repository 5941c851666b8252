"""The types of the nasty schema's fields, and values that are of them or are not."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry

from tests.server.execution.nasty.outcomes import Kind, Make, Nothing

BIG = 10**400
Even = NewType("Even", int)
Anything = NewType("Anything", object)


def serialized(value: Any) -> Any:
    """Half of an even number: of 0 it is none, and an odd one fails."""
    if value % 2:
        raise ValueError(f"{value} is odd")
    return value // 2 or None


def parsed(value: Any) -> Even:
    """Twice a number."""
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no number")
    return Even(value * 2)


EVEN = strawberry.scalar(name="Even", serialize=serialized, parse_value=parsed)


ANYTHING = strawberry.scalar(name="Anything", serialize=lambda value: [value])


@strawberry.enum
class Colour(enum.Enum):
    RED = "red"
    GREEN = 2
    BLUE = strawberry.enum_value(("b", "l"), deprecation_reason="Out of fashion.")


@strawberry.enum
class Size(enum.IntEnum):
    SMALL = 1
    LARGE = 2


class Other(enum.Enum):
    """An enumeration that the schema does not have."""

    RED = "red"


@dataclass(frozen=True, slots=True)
class Source:
    """What is behind a `Thing`, whose attributes are made in `things.py`."""

    n: int


class Text(str):
    """A string of another class."""

    __slots__ = ()


class Number(int):
    """A number of another class."""


def each(*values: Any) -> Sequence[Make]:
    """Makers of these values, one after the other."""
    return [lambda n, value=value: value for value in values]  # type: ignore[misc] # a default


NO_LEAF = each([], {}, {"a": 1}, Nothing(), b"bytes", Decimal("1.5"), object, [[1]])
OF_CLASSES = each(Number(5), Size.LARGE)
LEAVES: Mapping[str, Kind] = {
    "int": Kind(
        "int",
        [lambda n: n, lambda n: -n, *each(0, 2**31 - 1, -(2**31), True, 7.0, "12"), *OF_CLASSES],
        [*each(7.5, "x", "", 2**31, -BIG, float("nan"), float("inf"), "1.5"), *NO_LEAF],
    ),
    "float": Kind(
        "float",
        [lambda n: n / 7, *each(1.5, 3, True, "2.5", -0.0, 1e300, Decimal("0.1"))],
        [*each("x", "", float("nan"), float("-inf"), BIG), *NO_LEAF],
    ),
    "string": Kind(
        "str",
        [str, *each("", "text", "\u2028 \ud83d", 1, 1.5, True, -0.0, Text("a"))],
        [*each(float("nan"), Colour.RED), *NO_LEAF],
    ),
    "bool": Kind(
        "bool", [*each(True, False, 1, 0, 2, 0.0)], [*each("true", float("nan")), *NO_LEAF]
    ),
    "id": Kind(
        "strawberry.ID",
        [str, lambda n: n, *each(strawberry.ID("a"), BIG, 1.0)],
        [*each(1.5, True, float("inf")), *NO_LEAF],
    ),
    "colour": Kind(
        "Colour",
        [*each(*Colour, "red", 2, ("b", "l"))],
        [*each("RED", "pink", 7, Other.RED, Size.LARGE, True), *NO_LEAF],
    ),
    "size": Kind("Size", [*each(*Size, 1, True)], [*each("SMALL", 3, 2.5), *NO_LEAF]),
    "even": Kind(
        "Even", [lambda n: n * 4 + 2, *each(2, 4)], [lambda n: n * 2 + 1, *each(0), *NO_LEAF]
    ),
    "moment": Kind(
        "datetime",
        [lambda n: datetime(2026, 1, 1, n % 24, tzinfo=UTC), *each(datetime(2026, 1, 1))],  # noqa: DTZ001 (one without a zone)
        [*each("2026-01-01"), *NO_LEAF],
    ),
    "any": Kind("Anything", [*each([1, {"a": None}], "x", 1.5, {"b": []})], [*each(Nothing())]),
}  # fmt: skip
