"""Variables, read as their types, by functions that are made once for a type.

They do what graphql-core's `coerce_input_value` does, which looks at the type for each value anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    coerce_input_value,
    is_input_object_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value

Coerce: TypeAlias = Callable[[Any], Any]
"""Reads a value, or returns `Undefined` if it is none of the type."""


class InputTypes:
    """Reads values as the input types of a schema, which may have fields of their own type."""

    def __init__(self) -> None:
        self._objects: dict[GraphQLInputObjectType, InputObject] = {}

    def reader(self, type_: GraphQLInputType) -> Coerce:
        """Return what reads values of a type."""
        bare: Any = type_.of_type if is_non_null_type(type_) else type_
        read: Coerce = partial(coerce_input_value, type_=bare)
        if bare in {GraphQLString, GraphQLID}:
            read = partial(text, read)
        elif is_input_object_type(bare) and not bare.is_one_of:
            read = self._objects.setdefault(bare, InputObject(bare, self))
        return partial(required if bare is not type_ else optional, read)


class InputObject:
    """Reads objects of one type, whose fields are looked at when the first comes."""

    def __init__(self, type_: GraphQLInputObjectType, types: InputTypes) -> None:
        self._type = type_
        self._types = types
        self._fields: list[tuple[str, str, Coerce, GraphQLInputField]] = []

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return Undefined
        found: dict[str, Any] = {}
        unknown = len(value)
        for name, own_name, read, field in self._fields or self._looked_at():
            if name in value:
                unknown -= 1
                item = read(value[name])
            elif is_required_input_field(field):
                return Undefined
            else:
                item = coerce_default_value(field)
                if item is Undefined:
                    continue
            if item is Undefined:
                return Undefined
            found[own_name] = item
        return Undefined if unknown else self._type.out_type(found)

    def _looked_at(self) -> list[tuple[str, str, Coerce, GraphQLInputField]]:
        self._fields = [
            (name, field.out_name or name, self._types.reader(field.type), field)
            for name, field in self._type.fields.items()
        ]
        return self._fields


def text(read: Coerce, value: Any) -> Any:
    """Read a text as it is, and anything else as it may be read."""
    return value if type(value) is str else read(value)


def optional(read: Coerce, value: Any) -> Any:
    """Read a value that may be null."""
    return None if value is None else read(value)


def required(read: Coerce, value: Any) -> Any:
    """Read a value that may not be null."""
    return Undefined if value is None else read(value)


class VariableTypes:
    """The variables of one operation."""

    def __init__(
        self, schema: GraphQLSchema, node: OperationDefinitionNode, types: InputTypes
    ) -> None:
        self._signatures = list[tuple[GraphQLVariableSignature, Coerce]]()
        for definition in node.variable_definitions or ():
            signature = get_variable_signature(schema, definition)
            if isinstance(signature, GraphQLError):  # which validation has ruled out
                raise signature
            self._signatures.append((signature, types.reader(signature.type)))

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | None:
        """Read the values that are given; None if there is more to it than that.

        Defaults and mistakes are for graphql-core's `get_variable_values`.
        """
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature, read in self._signatures:
            name = signature.name
            if name in given:
                coerced[name] = value = read(given[name])
                if value is Undefined:
                    return None
                sources[name] = VariableValueSource(signature, given[name])
            elif signature.default is not None or is_non_null_type(signature.type):
                return None
            else:
                sources[name] = VariableValueSource(signature)
        return VariableValues(sources, coerced)
