"""Statements as drivers take them: compiled once for each shape, and run with other values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ClauseElement, Dialect, Enum, Numeric, Select
from sqlalchemy.types import TypeEngine

from persistence.entities import Make, Process, maker, tuple_maker


class Query(NamedTuple):
    """What is asked: how the statement is built, if its shape is new, and the values of this time.

    Queries of one `shape` are one statement, in which the values that they differ by are named
    parameters: `bindparam("name")`. The values have these names; there may be more of them.
    """

    shape: Hashable
    build: Callable[[Dialect], ClauseElement]
    values: Mapping[str, Any] = MappingProxyType({})
    entity: type | None = None
    """What the rows become, if it is something of the domain: they begin with its attributes."""
    attributes: Sequence[str] = ()


class Statement:
    """A statement's text in one dialect, where its parameters go, and what becomes of its rows."""

    __slots__ = ("_places", "_spreads", "_template", "make", "text")

    def __init__(self, query: Query, dialect: Dialect) -> None:
        clause = query.build(dialect)
        compiled: Any = clause.compile(dialect=dialect)
        given = {name: query.values[name] for name, bind in compiled.binds.items() if bind.required}
        state = compiled.construct_expanded_state(given, escape_names=False)
        self.text: str = state.statement
        self._template: list[Any] = []
        self._places: list[tuple[int, str, Process]] = []
        self._spreads: list[tuple[int, int, str]] = []
        spreads = {names[0]: name for name, names in state.parameter_expansion.items() if names}
        for name in state.positiontup or ():
            place = len(self._template)
            if name in spreads:
                length = len(state.parameter_expansion[spreads[name]])
                self._spreads.append((place, place + length, spreads[name]))
            bind = compiled.binds.get(name)
            process = None if bind is None else bind_process(bind.type, dialect)
            fixed = None
            if bind is not None and bind.required:
                self._places.append((place, name, process))
            elif bind is not None:
                value = bind.effective_value
                fixed = value if process is None else process(value)
            self._template.append(fixed)
        self.make = self._maker(query, clause, dialect)

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        """Put values into their places."""
        parameters = self._template.copy()
        for place, name, process in self._places:
            value = values[name]
            parameters[place] = value if process is None else process(value)
        for start, end, name in self._spreads:
            parameters[start:end] = values[name]
        return parameters

    def _maker(self, query: Query, clause: ClauseElement, dialect: Dialect) -> Make:
        if not isinstance(clause, Select):
            return tuple
        processes = [result_process(each.type, dialect) for each in clause.selected_columns]
        if query.entity is None:
            return tuple_maker(processes)
        return maker(query.entity, query.attributes, processes)


def bind_process(type_: TypeEngine[Any], dialect: Dialect) -> Process:
    """Find what a type makes of a value for the driver; None if nothing, as of keys in an array."""
    return None if isinstance(type_, ARRAY) else type_.dialect_impl(dialect).bind_processor(dialect)


def result_process(type_: TypeEngine[Any], dialect: Dialect) -> Process:
    """Find what a type makes of a driver's value; None if nothing. Numbers stay as they come."""
    if isinstance(type_, Numeric):
        return None
    if isinstance(type_, Enum) and type_.enum_class is not None:  # quicker than SQLAlchemy's
        return {**type_.enum_class.__members__}.__getitem__
    return type_.dialect_impl(dialect).result_processor(dialect, None)
