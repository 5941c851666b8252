"""The arguments of fields: coerced once for all the objects that a field is resolved on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import strawberry
from graphql import VariableNode, Visitor, visit
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.field import StrawberryField

from server.execution.inputs import Converters, Inputs, converted
from server.execution.places import Field
from server.execution.templates import CONSTANT

Keywords: TypeAlias = dict[str, Any]

NO_VARIABLES = VariableValues({}, {})


class ArgumentReader:
    """Reads the arguments of fields as their resolvers take them."""

    def __init__(self, schema: strawberry.Schema, *, suggests: bool) -> None:
        self._inputs = Inputs(schema)
        self._converters: dict[StrawberryField, Converters] = {}
        self._suggests = suggests

    def coerced(self, field: Field, variables: VariableValues) -> Keywords:
        """Return what a resolver of graphql-core's is given; raises `GraphQLError`."""
        if field.template is not None:
            with suppress(Exception):  # which graphql-core knows how to tell of
                arguments: Keywords = field.template(variables.coerced)
                return arguments
        return get_argument_values(
            field.definition, field.node, variables, hide_suggestions=not self._suggests
        )

    def converted(self, field: Field, variables: VariableValues) -> Keywords:
        """Return what Strawberry hands on to a resolver, such as its input types."""
        if field.declared is None:
            raise TypeError(f"{field.name} is none of Strawberry's.")
        return converted(self.converters(field.declared), self.coerced(field, variables))

    def converters(self, declared: StrawberryField) -> Converters:
        """Tell how the arguments of a field are converted from graphql-core's."""
        if declared not in self._converters:
            self._converters[declared] = self._inputs.of_arguments(declared.arguments)
        return self._converters[declared]


Read: TypeAlias = Callable[[Field, VariableValues], Keywords]


class Arguments(dict[int, Keywords]):
    """The arguments of a plan's fields in one run, by number, each read when it is first used.

    Looking them up raises `GraphQLError`, as often as they are looked up.
    """

    def __init__(self, readers: Sequence[tuple[Field, Read]], variables: VariableValues) -> None:
        super().__init__()
        self._readers = readers
        self._variables = variables

    def __missing__(self, number: int) -> Keywords:
        field, read = self._readers[number]
        self[number] = arguments = read(field, self._variables)
        return arguments


def constant(field: Field, read: Read) -> Keywords | None:
    """Read arguments that are the same in all runs, and that nobody can change; None otherwise."""
    if names_variable(field):
        return None
    try:
        arguments = read(field, NO_VARIABLES)
    except Exception:  # noqa: BLE001 (is raised again for each object)
        return None
    return arguments if all(isinstance(each, CONSTANT) for each in arguments.values()) else None


def names_variable(field: Field) -> bool:
    """Tell whether a value of an argument depends on variables."""
    finder = VariableFinder()
    for argument in field.node.arguments or ():
        visit(argument, finder)
    return finder.has_found


class VariableFinder(Visitor):
    """Looks for variables."""

    has_found = False

    def enter_variable(self, _node: VariableNode, *_: Any) -> None:
        self.has_found = True
