"""Completing values by their type, as the specification's "Value Completion" says.

What goes wrong is told in graphql-core's words, which its own functions find.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from functools import partial
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    Undefined,
    default_type_resolver,
)
from graphql.execution.executor import invalid_return_type_error
from graphql.pyutils import is_iterable

from server.execution.facts import Coerce
from server.execution.infos import TypeInfo
from server.execution.places import Place, Position
from server.execution.running import KINDS, Complete, Run, final


def absent(position: Position) -> None:
    """Complete a null; raises `TypeError` where there may be none."""
    if not position.is_nullable:
        message = f"Cannot return null for non-nullable field {position.field}."
        raise TypeError(message)


def of_leaf(coerce: Coerce, position: Position) -> Complete:
    """Complete scalars and enums."""

    @final
    def complete(run: Run, value: Any, place: Place) -> Any:
        if value is None or value is Undefined:
            return absent(position)
        return coerce(value)

    return complete


def of_object(type_: GraphQLObjectType, select: Complete, position: Position) -> Complete:
    """Complete objects by what is selected of them, if they are of the type."""
    is_type_of: Any = type_.is_type_of or (lambda *_: True)

    def complete(run: Run, value: Any, place: Place) -> Any:
        if value is None or value is Undefined:
            return absent(position)
        return checked(value, run, is_type_of(value, TypeInfo(run, place)), place)

    def checked(value: Any, run: Run, is_of_type: Any, place: Place) -> Any:
        if KINDS[type(is_of_type)]:
            return run.wait(is_of_type, partial(checked, value), place)
        if not is_of_type:
            raise invalid_return_type_error(type_, value, position.field.details)
        return select(run, value, place)

    return complete


def of_list(complete_item: Complete, items: Position, position: Position) -> Complete:
    """Complete lists, whose items may have to be waited for."""

    def complete(run: Run, value: Any, place: Place) -> Any:
        if type(value) is not list and type(value) is not tuple:
            if value is None or value is Undefined:
                return absent(position)
            if isinstance(value, AsyncIterable):
                return run.wait(drawn(value), complete, place)
            check_iterable(value, position)
        completed: list[Any] = []
        remaining = iter(value)
        try:
            for index, item in enumerate(remaining):
                completed.append(None)
                here = (place, index, completed, items)
                try:
                    if KINDS[type(item)]:
                        completed[index] = run.wait(item, complete_item, here)
                    else:
                        completed[index] = complete_item(run, item, here)
                except Exception as error:  # noqa: BLE001 (is told, whatever it is)
                    run.fail(error, here)
        except Exception:
            run.abandon(remaining)
            raise
        return completed

    return complete


async def drawn(items: AsyncIterable[Any]) -> list[Any]:
    """Draw all items."""
    return [each async for each in items]


def check_iterable(value: Any, position: Position) -> None:
    """Make sure that there are items; raises `GraphQLError`."""
    if not is_iterable(value):
        message = f"Expected Iterable, but did not find one for field '{position.field}'."
        raise GraphQLError(message)


def of_abstract(
    type_: GraphQLAbstractType, completions: Mapping[str, Complete], position: Position
) -> Complete:
    """Complete objects of interfaces and unions as those of the type that each turns out to be."""
    resolve_type = type_.resolve_type or default_type_resolver

    def complete(run: Run, value: Any, place: Place) -> Any:
        if value is None or value is Undefined:
            return absent(position)
        name: Any = resolve_type(value, TypeInfo(run, place), type_)  # type: ignore[arg-type] # reads like one
        if KINDS[type(name)]:
            return run.wait(name, partial(complete_as, value), place)
        return complete_as(value, run, name, place)

    def complete_as(value: Any, run: Run, name: Any, place: Place) -> Any:
        if type(name) is not str or name not in completions:
            run.refuse_type(name, type_, value, place)
        return completions[name](run, value, place)

    return complete
