"""How much a field can load, as its declaration says: what an operation may cost is the sum.

A field of one thing loads one of it, and a field of plain values loads nothing, so
neither has to say anything. Every list of things says how long it can get.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeAlias

from graphql import GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter


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

KEY = "size"


def loads(size: Size) -> dict[str, Size]:
    """Say it in the metadata of a Strawberry field."""
    return {KEY: size}


def declared_size(field: GraphQLField) -> Size | None:
    """Read what a field's declaration says, if anything."""
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    metadata: Mapping[str, Any] = getattr(definition, "metadata", None) or {}
    return metadata.get(KEY)
