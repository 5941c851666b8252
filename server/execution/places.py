"""Where values go: positions in a plan, and places in an answer that is being made.

A place is a tuple, as one is made for nearly each value that is no leaf: the place that it is
within, its key there, the dict or list to put it in, and its position in the plan. Only an
error, or a resolver that asks, needs a path of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLError, GraphQLField, GraphQLObjectType, located_error
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path
from strawberry.types.field import StrawberryField

from server.execution.templates import Fill


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """A field of a selection, with all the nodes of the document that select it there."""

    number: int
    definition: GraphQLField
    parent_type: GraphQLObjectType
    details: FieldDetailsList
    declared: StrawberryField | None
    template: Fill | None

    @property
    def node(self) -> FieldNode:
        """The first of its nodes, whose arguments are the others' too."""
        return self.details[0].node

    @property
    def nodes(self) -> list[FieldNode]:
        """All of its nodes."""
        return [each.node for each in self.details]

    @property
    def name(self) -> str:
        """What the schema calls it."""
        return self.node.name.value

    def __str__(self) -> str:
        return f"{self.parent_type}.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """Where a field stands, or an item of its list, and whether it may be null."""

    field: Field
    is_nullable: bool
    is_item: bool = False


Place: TypeAlias = "tuple[Place | None, str | int, Any, Position]"


def field_place(place: Place) -> Place:
    """Find the place of a field, of which this may be an item."""
    while place[3].is_item and place[0] is not None:
        place = place[0]
    return place


def path_of(place: Place) -> Path:
    """Tell the way to a place from the root."""
    within, key, _, position = place
    typename = None if position.is_item else position.field.parent_type.name
    return Path(None if within is None else path_of(within), key, typename)


def located(error: Exception, place: Place) -> GraphQLError:
    """Tell where an error happened, unless it tells so itself."""
    return located_error(error, place[3].field.nodes, path_of(place).as_list())
