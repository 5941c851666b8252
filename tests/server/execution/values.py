"""Values of arguments: as literals, as variables, and as literals with variables in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNonNull,
    Undefined,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from tests.server.execution.choices import Choices

Make: TypeAlias = Callable[[Choices], Any]

DEEP = 3
SCALARS: Mapping[str, Make] = {
    "Int": lambda choices: choices.one_of([0, 1, 2, -3, 2**31 - 1, 41]),
    "Float": lambda choices: choices.one_of([0.5, 0, -2, 1e10]),
    "String": lambda choices: choices.one_of(["", "a", "two\nlines \u00e9", '"quoted"']),
    "Boolean": lambda choices: choices.one_of([False, True]),
    "ID": lambda choices: choices.one_of(["1", 2, "x"]),
    "DateTime": lambda choices: choices.one_of(
        ["2026-01-01T12:00:00+00:00", "2000-02-29T01:02:03.000004+01:00"]
    ),
    "Date": lambda choices: "2026-01-01",
    "Decimal": lambda choices: choices.one_of(["1.50", "-0"]),
    "JSON": lambda choices: choices.one_of([1, "a", [1, {"b": None}], {}]),
    "Even": lambda choices: choices.one_of([1, 2, -7]),
}


class Name(str):
    """A name, such as an enum's value, which a literal does not quote."""

    __slots__ = ()


@dataclass(slots=True)
class Variables:
    """The variables of an operation that is being written."""

    values: dict[str, Any] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)

    def declare(self, type_: str, value: Any = Undefined, default: Any = Undefined) -> Name:
        """Declare one, and give it a value and a default or not."""
        name = f"v{len(self.types)}"
        self.types[name] = type_
        if value is not Undefined:
            self.values[name] = value
        if default is not Undefined:
            self.defaults[name] = f" = {literal(default)}"
        return Name(f"${name}")

    def declared(self) -> str:
        """Write out the declarations."""
        parts = (
            f"${name}: {type_}{self.defaults.get(name, '')}" for name, type_ in self.types.items()
        )
        return f"({', '.join(parts)})" if self.types else ""


class Values:
    """Makes values for arguments and variables, the latter as they would come in JSON."""

    def __init__(self, choices: Choices, variables: Variables, special: Mapping[str, Make]) -> None:
        self._choices = choices
        self._variables = variables
        self._special = special

    def argument(self, type_: Any, definition: GraphQLArgument, where: str) -> str | None:
        """Write what an argument is given; None if it is not."""
        is_required = is_non_null_type(type_) and definition.default is None
        if not is_required and self._choices.happens(60):
            return None
        has_default = definition.default is not None
        return literal(self._given(type_, where, has_default=has_default))

    def _given(self, type_: Any, where: str, depth: int = 0, *, has_default: bool = False) -> Any:
        """A literal, or a variable in its place."""
        if self._choices.happens(25 if depth == 0 else 10):
            return self._variable(type_, where, has_default=has_default)
        return self._value(type_, where, depth, self._given)

    def _plain(self, type_: Any, where: str, depth: int = 0, **_: Any) -> Any:
        """A value with no variables in it."""
        return self._value(type_, where, depth, self._plain)

    def _value(self, type_: Any, where: str, depth: int, inner: Callable[..., Any]) -> Any:
        nullable = get_nullable_type(type_)
        if nullable is type_ and (depth > DEEP or self._choices.happens(10)):
            return None
        if where in self._special:
            return self._special[where](self._choices)
        if is_list_type(nullable):
            return self._list(nullable.of_type, where, depth, inner)
        if isinstance(nullable, GraphQLInputObjectType):
            return self._object(nullable, depth, inner)
        if isinstance(nullable, GraphQLEnumType):
            return Name(self._choices.one_of([*nullable.values]))
        make = self._special.get(nullable.name) or SCALARS[nullable.name]
        return make(self._choices)

    def _list(self, of_type: Any, where: str, depth: int, inner: Callable[..., Any]) -> Any:
        if self._choices.happens(20):  # a single value, which is a list of it
            single = self._value(of_type, where, depth + 1, self._plain)
            return [] if single is None else single
        length = self._choices.below(3)
        return [inner(of_type, where, depth + 1) for _ in range(length)]

    def _object(
        self, type_: GraphQLInputObjectType, depth: int, inner: Callable[..., Any]
    ) -> Mapping[str, Any]:
        fields = type_.fields
        if type_.extensions["strawberry-definition"].is_one_of:
            name = self._choices.one_of([*fields])
            sure = GraphQLNonNull(fields[name].type)
            return {name: self._plain(sure, f"{type_.name}.{name}", depth + 1)}
        return {
            name: inner(
                each.type, f"{type_.name}.{name}", depth + 1, has_default=each.default is not None
            )
            for name, each in fields.items()
            if self._is_given(each, depth)
        }

    def _is_given(self, definition: GraphQLInputField, depth: int) -> bool:
        if is_non_null_type(definition.type) and definition.default is None:
            return True
        return depth < DEEP and self._choices.happens(40)

    def _variable(self, type_: Any, where: str, *, has_default: bool) -> Name:
        """A variable that may stand where a value of this type is wanted."""
        nullable = get_nullable_type(type_)
        is_sure = nullable is not type_
        value = self._plain(type_, where)
        if is_sure and not has_default and self._choices.happens(70):
            return self._variables.declare(str(type_), value)
        default = Undefined
        if (is_sure and not has_default) or self._choices.happens(30):
            default = self._plain(type_ if is_sure else nullable, where)
        given = self._choices.one_of([value, value, value, Undefined, None])
        return self._variables.declare(str(nullable), given, default)


def literal(value: Any) -> str:
    """Write a value as GraphQL does."""
    if isinstance(value, Name):
        return value
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {literal(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value)
