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

Where it is known what class the objects are of, what they have in slots is read at once, in the
hope that all of it may pass as it is:

        try:
            result = {
                'title': value if type(value := source.title) is str else unlikely(),
                'author': None,
            } if type(source) is bound_5 else None
        except Exception:
            result = None

If it may not, as one of them is null or has no title, all is read anew with the care from above.

For a list of objects the same lines stand in a loop: to call a function for each of them would
take as long as they do. If nothing but slots is read, they need no places, and the list is read
at once or anew as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from types import CodeType
from typing import Any, NoReturn, TypeAlias

from graphql import GraphQLLeafType, GraphQLObjectType

from server.execution.completing import of_leaf, of_list, of_object
from server.execution.facts import Coerce
from server.execution.infos import FieldInfo
from server.execution.places import Place, Position
from server.execution.running import KINDS, Complete, Run, final
from server.execution.values import Names, Value, Values, passing

Select: TypeAlias = Callable[[Run, Any, "Place | None"], dict[str, Any]]
"""Makes the answer's object of one that is read, in a place unless it is the root."""

IS_PLAIN = "value is not None and not KINDS[type(value)]"
MAX_KEPT_LENGTH = 20_000  # of a source whose code is kept: keys may be as long as a document


class Source:
    """What is selected of an object, as lines that make of a `source` a `result` in a `place`."""

    def __init__(self, type_: GraphQLObjectType, kind: type | None) -> None:
        """Take the class of the objects, if that is known."""
        self._type = type_
        self._kind = kind
        self._is_uncertain = kind is None and type_.is_type_of is not None
        self._names = Names(
            FieldInfo=FieldInfo,
            KINDS=KINDS,
            UTC=UTC,
            datetime=datetime,
            unlikely=unlikely,
        )
        self._lines: list[str] = []
        self._entries: list[str] = []
        """The result as far as it can be read at once."""
        self._rest: list[str] = []
        """The lines for what is not in the entries."""
        self._prepared: list[str] = []
        """What these take, and is the same for all objects; it may be here more than once."""
        self.values = Values(self._names, kind)

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
        if self._is_uncertain:
            return of_object(self._type, self.select(), position)
        other = of_object(self._type, lazily(self.select), position)
        complete = self._function(
            "def function(run, source, place):",
            *(f"    {line}" for line in self._reading()),
            "    if result is None:",
            f"        return {self._names.bind(other)}(run, source, place)",
            *(f"    {line}" for line in dict.fromkeys(self._prepared)),
            *(f"    {line}" for line in self._rest),
            "    return result",
        )
        return final(complete) if self._is_at_once else complete

    def each(self, items: Position, position: Position) -> Complete:
        """Make what completes a list of such values."""
        one = of_object(self._type, lazily(self.select), items)
        other = of_list(one, items, position)
        if self._is_uncertain:
            return other
        if self._is_at_once:
            return final(self._each_at_once(other))
        return self._function(
            "def function(run, sources, within):",
            "    if type(sources) is not list and type(sources) is not tuple:",
            f"        return {self._names.bind(other)}(run, sources, within)",
            *(f"    {line}" for line in dict.fromkeys(self._prepared)),
            "    completed = []",
            "    for source in sources:",
            f"        place = (within, len(completed), completed, {self._names.bind(items)})",
            *(f"        {line}" for line in self._reading()),
            "        completed.append(result)",
            "        try:",
            "            if result is None:",
            f"                completed[-1] = run.settle(source, {self._names.bind(one)}, place)",
            "                continue",
            *(f"            {line}" for line in self._rest),
            "        except Exception as error:",
            "            completed[-1] = run.fail_item(error, place, sources)",
            "    return completed",
        )

    def _each_at_once(self, other: Complete) -> Complete:
        """Make what completes a list of objects that are all read at once, or else all anew."""
        return self._function(
            "def function(run, sources, within):",
            "    if type(sources) is list or type(sources) is tuple:",
            "        completed = []",
            "        try:",
            "            for source in sources:",
            f"                if {self._is_of_kind()}:",
            f"                    completed.append({self._literal})",
            "                else:",
            "                    unlikely()",
            "            return completed",
            "        except Exception:",
            "            pass",
            f"    return {self._names.bind(other)}(run, sources, within)",
        )

    @property
    def _is_at_once(self) -> bool:
        """Whether nothing but slots is read, if all is as it should be."""
        return self._kind is not None and not self._rest

    def _reading(self) -> list[str]:
        """Write what a result begins as; it is None if it has to be made in another way."""
        if self._kind is None:
            return [f"result = None if source is None or KINDS[type(source)] else {self._literal}"]
        return [
            "try:",
            f"    result = {self._literal} if {self._is_of_kind()} else None",
            "except Exception:",
            "    result = None",
        ]

    @property
    def _literal(self) -> str:
        return f"{{{', '.join(self._entries)}}}"

    def _is_of_kind(self) -> str:
        return f"type(source) is {self._names.bind(self._kind)}"

    def _function(self, *lines: str) -> Callable[[Run, Any, Any], Any]:
        exec(compiled("\n".join(lines)), self._names.globals)  # noqa: S102 (the schema's words, and keys that are names)
        function: Callable[[Run, Any, Any], Any] = self._names.globals.pop("function")
        return function

    def write_constant(self, key: str, value: str) -> None:
        """Write a field that is the same for all objects."""
        self._write(key, [f"result[{key!r}] = {value!r}"], repr(value))

    def write_leaf(
        self,
        key: str,
        value: Value,
        type_: GraphQLLeafType,
        coerce: Coerce,
        position: Position,
    ) -> None:
        """Write a field that has none beneath it, nor a list."""
        passes, is_named = passing(type_), value.names_place
        place = self._place(key, position)
        here = "here" if is_named else place
        settled = f"run.settle(value, {self._names.bind(of_leaf(coerce, position))}, {here})"
        if passes is None:
            completed = f"{self._names.bind(coerce)}(value) if {IS_PLAIN} else {settled}"
        else:
            completed = f"value if {passes.format('value')} else {settled}"
        lines = [f"here = {place}"] if is_named else []
        lines += caught(key, value.text, completed, here)
        self._write(key, lines, at_once(value, passes, is_nullable=position.is_nullable))

    def write_other(self, key: str, value: Value, position: Position, complete: Complete) -> None:
        """Write any other field."""
        name, named = self._names.bind(complete), f"here = {self._place(key, position)}"
        completed = f"{name}(run, value, here)"
        completed = f"run.wait(value, {name}, here) if KINDS[type(value)] else {completed}"
        lines = [named, *caught(key, value.text, completed, "here")]
        if value.promised is None:
            self._write(key, lines)
            return
        self._prepared += ["pending = run.pending", value.prepared]
        expected = f"pending.append((value, {name}, here))"  # which is None, as yet
        self._write(key, lines, rest=[named, *caught(key, value.promised, expected, "here")])

    def _write(
        self,
        key: str,
        lines: list[str],
        entry: str | None = None,
        rest: list[str] | None = None,
    ) -> None:
        """Take the lines of a field, and what it is in the literal that a result begins as.

        If it is nothing there, the `rest` are the lines that follow, or else the same as ever.
        """
        self._lines += lines
        self._entries.append(f"{key!r}: {entry}")
        if entry is None:
            self._rest += rest or lines

    def _place(self, key: str, position: Position) -> str:
        return f"(place, {key!r}, result, {self._names.bind(position)})"


def caught(key: str, value: str, completed: str, here: str) -> list[str]:
    """Write how a field is resolved and completed, and what becomes of an error."""
    return [
        "try:",
        f"    value = {value}",
        f"    result[{key!r}] = {completed}",
        "except Exception as error:",
        f"    result[{key!r}] = run.fail(error, {here})",
    ]


def at_once(value: Value, passes: str | None, *, is_nullable: bool) -> str | None:
    """Write a value that may pass as it is as one expression, if it may."""
    if passes is None or value.pure is None:
        return None
    read = f"value := {value.pure}"
    passes = f"({read}) is None or {passes.format('value')}" if is_nullable else passes.format(read)
    return f"value if {passes} else unlikely()"


def unlikely() -> NoReturn:
    """Raise an error that nobody sees, as what was found has to be looked at with more care."""
    raise ValueError


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
