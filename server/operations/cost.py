"""What fields count: the objects that they load, or the values that they put into the answer.

How often a field counts is for `pricing.py`, and the same for both.
"""

from __future__ import annotations

from typing import Any, Protocol

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    ValueNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_introspection_type,
    is_list_type,
)

from schema.sizes import (
    AtMost,
    OneForEach,
    Size,
    Text,
    TextOf,
    Within,
    declared_size,
    declared_text,
)
from server.operations.amounts import Amount, Variables, depending, product, value_of

ONE = AtMost(1)
CHARACTERS = 200  # of a text that count as one value


class CostModel:
    """What each field of a schema loads.

    Raises `TypeError` for a list of things that does not say how long it can get.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._sizes = {
            (type_.name, name): size
            for type_ in schema.type_map.values()
            if not is_introspection_type(type_)
            for name, definition in getattr(type_, "fields", {}).items()
            if isinstance(definition, GraphQLField)
            and (size := size_of(definition, f"{type_.name}.{name}")) is not None
        }

    def size(self, parent: GraphQLNamedType, field_name: str) -> Size | None:
        """Tell what a field loads; None if nothing."""
        return self._sizes.get((parent.name, field_name))


def size_of(definition: GraphQLField, name: str) -> Size | None:
    """Tell what a field loads, by what it declares or by its type."""
    declared, type_ = declared_size(definition), get_named_type(definition.type)
    if declared is not None or not is_composite_type(type_):
        return declared
    if is_list_type(get_nullable_type(definition.type)):
        raise TypeError(f"{name} has to say how much it loads: metadata=loads(AtMost(…)).")
    shows_page = (
        declared_size(each) is Within.THE_PAGE for each in getattr(type_, "fields", {}).values()
    )
    return Within.ITS_PARENT if any(shows_page) else ONE


class Counting(Protocol):
    """What is counted in operations."""

    @property
    def page_item(self) -> int:
        """What an item of a page counts, once for all that shows the page."""

    def itself(self, node: FieldNode, definition: GraphQLField | None, size: Size | None) -> Amount:
        """Tell what a field counts, without what is selected of it."""


class Objects:
    """Objects that are loaded: an operation's cost."""

    page_item = 1

    def itself(self, node: FieldNode, definition: GraphQLField | None, size: Size | None) -> Amount:
        """Count the things that a field loads."""
        return 0 if isinstance(size, Within | None) else times(node, size)


class Values:
    """Values in the answer, where a long text is as many as it takes the room of.

    Introspection is free: its depth is bounded, and the schema is as large as it is.
    """

    page_item = 0

    def itself(self, node: FieldNode, definition: GraphQLField | None, size: Size | None) -> Amount:
        """Count a field that has none beneath it."""
        if node.selection_set is not None:
            return 0
        text = None if definition is None else declared_text(definition)
        return product(times(node, size), 1 if text is None else values_of(text, node))


def times(node: FieldNode, size: Size | None) -> Amount:
    """Tell for how many things what is selected of a field counts."""
    if isinstance(size, AtMost):
        return size.count
    if isinstance(size, OneForEach):
        given = argument(node, size.argument)
        return depending([given], lambda variables: length(value_of(given, variables)))
    return 1


def values_of(text: Text, node: FieldNode) -> Amount:
    """Tell as how many values a text counts."""
    if isinstance(text, TextOf):
        return values_in(text.characters)
    given = argument(node, text.argument)

    def count(variables: Variables) -> int:
        value = value_of(given, variables)
        asked = value if isinstance(value, int) else text.default
        return values_in(text.characters(min(max(asked, 1), text.most)))

    return depending([given], count)


def values_in(characters: int) -> int:
    """Tell as how many values so many characters count."""
    return max(1, -(-characters // CHARACTERS))


def argument(node: FieldNode, name: str) -> ValueNode | None:
    """Find the value that a field's argument is given."""
    return next((each.value for each in node.arguments or () if each.name.value == name), None)


def length(value: Any) -> int:
    """Count the elements of a list, as which a single value counts too."""
    return len(value) if isinstance(value, list | tuple) else int(value is not None)
