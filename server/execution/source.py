"""The source of compiled selections.

A selection is one straight line, as for `{ title author { … } }`. What is no Python is bound to
names:

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

For a list of objects the same lines stand in a loop: to call a function for each of them would
take as long as they do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLString,
)
from strawberry.types.fields.resolver import StrawberryResolver

from schema.scalars import shown_moment
from server.execution.arguments import Keywords
from server.execution.completing import checked_object, of_leaf, of_list, of_object
from server.execution.facts import Coerce
from server.execution.infos import FieldInfo, TypeInfo
from server.execution.places import Place, Position
from server.execution.running import KINDS, Complete, Run

Select: TypeAlias = Callable[[Run, Any, "Place | None"], dict[str, Any]]
"""Makes the answer's object of one that is read, in a place unless it is the root."""

IS_TEXT = "type(value) is str"
IS_PLAIN = "value is not None and not KINDS[type(value)]"
PASSING: Mapping[GraphQLLeafType, str] = {
    GraphQLString: IS_TEXT,
    GraphQLID: IS_TEXT,
    GraphQLBoolean: "value is True or value is False",
    GraphQLInt: "type(value) is int and -0x80000000 <= value <= 0x7fffffff",
}
"""When a value of a type is in the answer as it is."""

IS_MOMENT = "type(value) is datetime and value.tzinfo is UTC"


MAX_KEPT_LENGTH = 20_000  # of a source whose code is kept: keys may be as long as a document


class Value(NamedTuple):
    """An expression that resolves a field, and whether it names the place that it is for."""

    text: str
    names_place: bool


class Source:
    """What is selected of an object, as lines that make of a `source` a `result` in a `place`."""

    def __init__(self, type_: GraphQLObjectType) -> None:
        self._type = type_
        self._lines: list[str] = []
        self._names: dict[str, Any] = {
            "FieldInfo": FieldInfo,
            "KINDS": KINDS,
            "TypeInfo": TypeInfo,
            "UTC": UTC,
            "datetime": datetime,
        }

    def select(self) -> Select:
        """Make a function for one object that is of the type."""
        return self._function(
            "def function(run, source, place):",
            "    result = {}",
            *(f"    {line}" for line in self._lines),
            "    return result",
        )

    def one(self, position: Position) -> Complete:
        """Make what completes a value that should be of the type."""
        return of_object(self._type, self.select(), position)

    def each(self, items: Position, position: Position) -> Complete:
        """Make what completes a list of such values, those that are of the type in a loop."""
        select = lazily(self.select)
        one = of_object(self._type, select, items)
        other = self._bind(of_list(one, items, position))
        return self._function(
            "def function(run, sources, within):",
            "    if type(sources) is not list and type(sources) is not tuple:",
            f"        return {other}(run, sources, within)",
            "    completed = []",
            *(["    info = TypeInfo(run, within)"] if self._type.is_type_of else []),
            "    for source in sources:",
            f"        place = (within, len(completed), completed, {self._bind(items)})",
            "        result = {}",
            "        completed.append(result)",
            "        try:",
            "            if source is None or KINDS[type(source)]:",
            f"                completed[-1] = run.settle(source, {self._bind(one)}, place)",
            "                continue",
            *(f"            {line}" for line in self._type_check(select, items)),
            *(f"            {line}" for line in self._lines),
            "        except Exception as error:",
            "            completed[-1] = run.fail_item(error, place, sources)",
            "    return completed",
        )

    def _type_check(self, select: Select, items: Position) -> list[str]:
        """Write how an item of the list is looked at that may not be of the type."""
        if self._type.is_type_of is None:
            return []
        checked = self._bind(checked_object(self._type, select, items))
        return [
            f"is_of_type = {self._bind(self._type.is_type_of)}(source, info)",
            "if is_of_type is not True:",
            f"    completed[-1] = {checked}(source, run, is_of_type, place)",
            "    continue",
        ]

    def _function(self, *lines: str) -> Callable[[Run, Any, Any], Any]:
        exec(compiled("\n".join(lines)), self._names)  # noqa: S102 (the schema's words, and keys that are names)
        function: Callable[[Run, Any, Any], Any] = self._names.pop("function")
        return function

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
        function = resolver.wrapped_func if callable(resolver.wrapped_func) else resolver
        names_place = resolver.info_parameter is not None
        if constants is None:
            given.append(f"**run.arguments[{number}]")
        else:
            given += [f"{name}={self._bind(each)}" for name, each in constants.items()]
        return Value(f"{self._bind(function)}({', '.join(given)})", names_place)

    def core(self, resolve: Callable[..., Any], number: int, constants: Keywords | None) -> Value:
        """Call a resolver as graphql-core does; its arguments may have any names."""
        given = f"run.arguments[{number}]" if constants is None else self._bind(constants)
        text = f"{self._bind(resolve)}(source, run.resolve_info(here), **{given})"
        return Value(text, names_place=True)

    # What becomes of its value.

    def write_constant(self, key: str, value: str) -> None:
        """Write a field that is the same for all objects."""
        self._lines.append(f"result[{key!r}] = {value!r}")

    def write_leaf(
        self,
        key: str,
        value: Value,
        type_: GraphQLLeafType,
        coerce: Coerce,
        position: Position,
    ) -> None:
        """Write a field that has none beneath it, nor a list."""
        here = self._place(key, position, is_named=value.names_place)
        passes = IS_MOMENT if type_.serialize is shown_moment else PASSING.get(type_)
        settled = f"run.settle(value, {self._bind(of_leaf(coerce, position))}, {here})"
        if passes is None:
            coerced = f"{self._bind(coerce)}(value)"
            self._write(key, value, f"{coerced} if {IS_PLAIN} else {settled}", here)
        else:
            self._write(key, value, f"value if {passes} else {settled}", here)

    def write_other(self, key: str, value: Value, position: Position, complete: Complete) -> None:
        """Write any other field."""
        here = self._place(key, position, is_named=True)
        name = self._bind(complete)
        awaited = f"run.wait(value, {name}, {here}) if KINDS[type(value)]"
        self._write(key, value, f"{awaited} else {name}(run, value, {here})", here)

    def _write(self, key: str, value: Value, completed: str, here: str) -> None:
        self._lines += [
            "try:",
            f"    value = {value.text}",
            f"    result[{key!r}] = {completed}",
            "except Exception as error:",
            f"    result[{key!r}] = run.fail(error, {here})",
        ]

    def _place(self, key: str, position: Position, *, is_named: bool) -> str:
        """Write where a value goes, or only when that is needed if it need not have a name."""
        place = f"(place, {key!r}, result, {self._bind(position)})"
        if not is_named:
            return place
        self._lines.append(f"here = {place}")
        return "here"

    def _bind(self, value: Any) -> str:
        name = f"bound_{len(self._names)}"
        self._names[name] = value
        return name


def compiled(text: str) -> CodeType:
    """Compile a text, or return what was made of the same one: selections are often alike."""
    return compiled_once(text) if len(text) <= MAX_KEPT_LENGTH else compiled_once.__wrapped__(text)


@lru_cache(maxsize=500)
def compiled_once(text: str) -> CodeType:
    """Compile a text."""
    return compile(text, "<plan>", "exec")


def lazily(make: Callable[[], Select]) -> Select:
    """Make a function when it is first called."""
    made: list[Select] = []

    def select(run: Run, source: Any, place: Place | None) -> dict[str, Any]:
        if not made:
            made.append(make())
        return made[0](run, source, place)

    return select
