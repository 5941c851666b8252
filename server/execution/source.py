"""The source of a compiled selection.

It is one straight line, as for `{ title author { … } }`; what is no Python is bound to names:

    def select(run, source, place):
        result = {}
        try:
            value = source.title
            result['title'] = (
                value if type(value) is str else run.settle(value, bound_0, (place, 'title', …))
            )
        except Exception as error:
            result['title'] = run.fail(error, (place, 'title', …))
        here = (place, 'author', result, bound_2)
        try:
            value = bound_3(root=source, info=FieldInfo(run, here))
            result['author'] = (
                run.wait(value, bound_4, here)
                if KINDS[type(value)]
                else bound_4(run, value, here)
            )
        except Exception as error:
            result['author'] = run.fail(error, here)
        return result
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from graphql import GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLLeafType, GraphQLString
from strawberry.types.fields.resolver import StrawberryResolver

from server.execution.arguments import Keywords
from server.execution.completing import coercion
from server.execution.infos import FieldInfo
from server.execution.places import Place, Position
from server.execution.running import KINDS, Complete, Run

Select: TypeAlias = Callable[[Run, Any, "Place | None"], dict[str, Any]]
"""Makes the answer's object of one that is read, in a place unless it is the root."""

PASSING: Mapping[GraphQLLeafType, str] = {
    GraphQLString: "type(value) is str",
    GraphQLID: "type(value) is str",
    GraphQLBoolean: "value is True or value is False",
    GraphQLInt: "type(value) is int and -0x80000000 <= value <= 0x7fffffff",
}
"""When a value of a type is in the answer as it is."""


class Value(NamedTuple):
    """An expression that resolves a field, and whether it names the place that it is for."""

    text: str
    names_place: bool


class Source:
    """A function that is being written."""

    def __init__(self) -> None:
        self._lines = ["def select(run, source, place):", "    result = {}"]
        self._names: dict[str, Any] = {"FieldInfo": FieldInfo, "KINDS": KINDS}

    def function(self) -> Select:
        """Make the function of it."""
        text = "\n".join([*self._lines, "    return result"])
        exec(compile(text, "<plan>", "exec"), self._names)  # noqa: S102 (the schema's words, and keys that are names)
        select: Select = self._names["select"]
        return select

    # What resolves a field. Arguments are constants, or None if each run has its own.

    def attribute(self, name: str) -> Value:
        """Read an attribute."""
        text = f"source.{name}" if name.isidentifier() else f"getattr(source, {name!r})"
        return Value(text, names_place=False)

    def resolver(
        self, resolver: StrawberryResolver[Any], number: int, constants: Keywords | None
    ) -> Value:
        """Call one of Strawberry's resolvers with what it takes."""
        given = ["source"] if resolver.self_parameter else []
        roots = filter(None, (resolver.parent_parameter, resolver.root_parameter))
        given += sorted({f"{parameter.name}=source" for parameter in roots})  # often the same one
        if resolver.info_parameter is not None:
            given.append(f"{resolver.info_parameter.name}=FieldInfo(run, here)")
        return self._call(resolver.wrapped_func, given, number, constants)

    def core(self, resolve: Callable[..., Any], number: int, constants: Keywords | None) -> Value:
        """Call a resolver as graphql-core does."""
        return self._call(resolve, ["source", "run.resolve_info(here)"], number, constants)

    def _call(
        self, function: Any, given: list[str], number: int, constants: Keywords | None
    ) -> Value:
        if constants is None:
            given.append(f"**run.arguments[{number}]")
        else:
            given += [f"{name}={self._bind(each)}" for name, each in constants.items()]
        return Value(f"{self._bind(function)}({', '.join(given)})", names_place=True)

    # What becomes of its value.

    def write_constant(self, key: str, value: str) -> None:
        """Write a field that is the same for all objects."""
        self._lines.append(f"    result[{key!r}] = {value!r}")

    def write_leaf(
        self,
        key: str,
        value: Value,
        type_: GraphQLLeafType,
        position: Position,
        complete: Complete,
    ) -> None:
        """Write a field that has none beneath it, nor a list."""
        here = self._place(key, position, is_named=value.names_place)
        is_plain = PASSING.get(type_, "value is not None and not KINDS[type(value)]")
        plain = "value" if type_ in PASSING else f"{self._bind(coercion(type_))}(value)"
        settled = f"run.settle(value, {self._bind(complete)}, {here})"
        self._write(key, value, f"{plain} if {is_plain} else {settled}", here)

    def write_other(self, key: str, value: Value, position: Position, complete: Complete) -> None:
        """Write any other field."""
        here = self._place(key, position, is_named=True)
        name = self._bind(complete)
        awaited = f"run.wait(value, {name}, {here}) if KINDS[type(value)]"
        self._write(key, value, f"{awaited} else {name}(run, value, {here})", here)

    def _write(self, key: str, value: Value, completed: str, here: str) -> None:
        self._lines += [
            "    try:",
            f"        value = {value.text}",
            f"        result[{key!r}] = {completed}",
            "    except Exception as error:",
            f"        result[{key!r}] = run.fail(error, {here})",
        ]

    def _place(self, key: str, position: Position, *, is_named: bool) -> str:
        """Write where a value goes, or only when that is needed if it need not have a name."""
        place = f"(place, {key!r}, result, {self._bind(position)})"
        if not is_named:
            return place
        self._lines.append(f"    here = {place}")
        return "here"

    def _bind(self, value: Any) -> str:
        name = f"bound_{len(self._names)}"
        self._names[name] = value
        return name
