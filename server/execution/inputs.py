"""Input values as Strawberry hands them to resolvers, by converters that are made once.

Strawberry's own `convert_argument` looks at the type of each value anew. It still converts what
is more than scalars, enums, lists of these, and plain input objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING
from functools import cached_property, partial
from typing import Any, TypeAlias

import strawberry
from strawberry.relay.types import GlobalID
from strawberry.types.arguments import StrawberryArgument, _is_leaf_type, convert_argument
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryOptional,
    has_object_definition,
)
from strawberry.types.enum import has_enum_definition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType
from strawberry.types.unset import UNSET

Convert: TypeAlias = Callable[[Any], Any] | None
"""Makes of a value what a resolver takes; None if that is the value itself."""

Converters: TypeAlias = list[tuple[str, str, Convert]]
"""For each argument or field its names in GraphQL and in Python, and how it is converted."""


class Inputs:
    """Finds the converters of a schema's input values."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._config = schema.config
        self._scalars = schema.schema_converter.scalar_registry
        self._objects: dict[Any, InputObject] = {}

    def of_arguments(self, arguments: Iterable[StrawberryArgument]) -> Converters:
        """Return the converters of a field's arguments."""
        name_of = self._config.name_converter.from_argument
        return [(name_of(each), each.python_name, self._of(each.type)) for each in arguments]

    def of_fields(self, type_: Any) -> Converters:
        """Return the converters of an input object's fields."""
        definition, name_of = (
            type_.__strawberry_definition__,
            self._config.name_converter.from_field,
        )
        return [
            (
                name_of(each),
                each.python_name,
                self._of(each.resolve_type(type_definition=definition)),
            )
            for each in definition.fields
        ]

    def _of(self, type_: Any) -> Convert:
        if isinstance(type_, StrawberryOptional) and not isinstance(type_, StrawberryMaybe):
            return self._of(type_.of_type)
        if isinstance(type_, LazyType):
            return self._of(type_.resolve_type())
        if isinstance(type_, StrawberryList) and self._of(type_.of_type) is None:
            return None
        is_leaf = has_enum_definition(type_) or _is_leaf_type(type_, self._scalars)
        if is_leaf and type_ is not GlobalID:
            return None
        if has_object_definition(type_) and type_.__strawberry_definition__.from_input is None:
            return self._objects.setdefault(type_, InputObject(type_, self))
        return partial(
            convert_argument, type_=type_, scalar_registry=self._scalars, config=self._config
        )


class InputObject:
    """Converts values of one input type, which may have fields of the same type."""

    def __init__(self, type_: Any, inputs: Inputs) -> None:
        self._type = type_
        self._inputs = inputs

    def __call__(self, value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        return self._type(**{**self._absent, **converted(self._converters, value)})

    @cached_property
    def _converters(self) -> Converters:
        return self._inputs.of_fields(self._type)

    @cached_property
    def _absent(self) -> dict[str, None]:
        """Tell what a field is that has no default and is not given, as it may be null."""
        definition = self._type.__strawberry_definition__
        fields: list[StrawberryField] = definition.fields if definition.is_input else []
        return {each.python_name: None for each in fields if has_no_default(each)}


def has_no_default(field: StrawberryField) -> bool:
    """Tell whether a field has to be given to make an object."""
    return field.default_value is MISSING and field.default_factory is MISSING


def converted(converters: Converters, values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert what is given."""
    return {
        python_name: values[name] if convert is None else convert(values[name])
        for name, python_name, convert in converters
        if name in values
    }
