"""How much a field can load and hold, as its declaration says: operations are bounded by the sums.

A field of one thing loads one of it, and a field of a plain value loads nothing, so
neither has to say anything. Every list of things says how long it can get, and every long
text how many characters it can have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeAlias

from graphql import GraphQLField

from schema.views import declaration_of


@dataclass(frozen=True, slots=True)
class AtMost:
    """It loads so many things."""

    count: int


@dataclass(frozen=True, slots=True)
class OneForEach:
    """It loads a thing for each element of one of its arguments."""

    argument: str


class Within(Enum):
    """What it shows was loaded with what it belongs to."""

    ITS_PARENT = auto()
    THE_PAGE = auto()


Size: TypeAlias = AtMost | OneForEach | Within


@dataclass(frozen=True, slots=True)
class TextOf:
    """It is a text of at most so many characters."""

    characters: int


@dataclass(frozen=True, slots=True)
class TextBy:
    """It is made of another text: of as many characters as one of its arguments asks for."""

    argument: str
    default: int
    most: int
    characters: Callable[[int], int]


Text: TypeAlias = TextOf | TextBy

SIZE, TEXT = "size", "text"


def loads(size: Size) -> dict[str, Size]:
    """Say in the metadata of a Strawberry field how much it loads."""
    return {SIZE: size}


def holds(text: Text) -> dict[str, Text]:
    """Say in the metadata of a Strawberry field how long a text it holds."""
    return {TEXT: text}


def declared_size(field: GraphQLField) -> Size | None:
    """Read what a field's declaration says that it loads, if anything."""
    return _metadata(field).get(SIZE)


def declared_text(field: GraphQLField) -> Text | None:
    """Read what a field's declaration says of its text, if anything."""
    return _metadata(field).get(TEXT)


def _metadata(field: GraphQLField) -> Mapping[str, Any]:
    declared = declaration_of(field)
    return {} if declared is None else declared.metadata
