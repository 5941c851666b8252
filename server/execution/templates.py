"""Arguments with variables in them, seen through once: a template is filled in for each request.

graphql-core looks at the types of all of them each time. It still coerces what is more than
variables, constants, and input objects of these, and whatever might be an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_nullable_type,
    is_input_object_type,
    is_non_null_type,
)
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal
from strawberry.types.unset import UnsetType

InputDefinition: TypeAlias = GraphQLArgument | GraphQLInputField
Fill: TypeAlias = Callable[[Mapping[str, Any]], Any]
"""Makes a value of coerced variables, or `Undefined`; raises anything if graphql-core has to."""

CONSTANT = (str, int, float, Enum, UnsetType, type(None))
"""What nobody can change."""


class Unforeseen(Exception):
    """It takes graphql-core to tell what comes of this."""


def template_of(definition: GraphQLField, node: FieldNode) -> Fill | None:
    """Make what gives the arguments of a field, if there are any and they can be foreseen."""
    if not node.arguments:
        return None
    values = {each.name.value: each.value for each in node.arguments}
    try:
        return filled(definition.args, values)
    except (Unforeseen, TypeError):  # the latter by a default that can't be
        return None


def filled(definitions: Mapping[str, InputDefinition], values: Mapping[str, ValueNode]) -> Fill:
    """Make the template of several values by name, with those that have none or a default."""
    if not values.keys() <= definitions.keys():
        raise Unforeseen
    parts = [
        (definition.out_name or name, part_of(values.get(name), definition))
        for name, definition in definitions.items()
    ]

    def fill(variables: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for name, part in parts:
            value = part(variables)
            if value is not Undefined:
                found[name] = value
        return found

    return fill


def part_of(node: ValueNode | None, definition: InputDefinition) -> Fill:
    """Make the template of one value."""
    bare: Any = get_nullable_type(definition.type)
    if isinstance(node, ObjectValueNode) and is_input_object_type(bare):
        return object_of(node, bare)
    if isinstance(node, VariableNode):
        return given(node.name.value, definition)
    value = coerce_input_literal(node, definition.type) if node else absent(definition)
    if value is Undefined and (node or is_non_null_type(definition.type)):
        raise Unforeseen
    unchanging(value)
    return lambda _: value


def object_of(node: ObjectValueNode, type_: GraphQLInputObjectType) -> Fill:
    """Make the template of an input object."""
    if type_.is_one_of:
        raise Unforeseen  # Strawberry looks at those in `out_type`
    out_type = type_.out_type
    fill = filled(type_.fields, {each.name.value: each.value for each in node.fields})
    return lambda variables: out_type(fill(variables))


def given(name: str, definition: InputDefinition) -> Fill:
    """Take a variable, or the default if it has no value."""
    default = absent(definition)
    if not is_non_null_type(definition.type):
        return lambda variables: variables.get(name, default)

    def fill(variables: Mapping[str, Any]) -> Any:
        value = variables.get(name, default)
        if value is None or value is Undefined:
            raise Unforeseen
        return value

    return fill


def absent(definition: InputDefinition) -> Any:
    """Tell what there is in the place of a value that is not given, if anything."""
    return unchanging(coerce_default_value(definition))


def unchanging(value: Any) -> Any:
    """Return a value that may be used for all requests; raises `Unforeseen` for others."""
    if value is not Undefined and not isinstance(value, CONSTANT):
        raise Unforeseen
    return value
