"""Entities made of rows: as frozen as any, and as cheap as a plain object.

A frozen dataclass sets each of its fields by `object.__setattr__`, which costs more than all the
rest of reading a row. So a row is written into an object of a twin class, which has the same slots
and is not frozen, and which then becomes the entity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any, TypeAlias

import domain

Make: TypeAlias = Callable[[Any], Any]
Process: TypeAlias = Callable[[Any], Any] | None
Heavy: TypeAlias = frozenset[str]
"""What is read of what is heavy, such as "Post.body"."""

NOTHING_HEAVY: Heavy = frozenset()
KNOWN_SELECTIONS = 500


def maker(entity: type, names: Sequence[str], processes: Sequence[Process]) -> Make:
    """Make a function that makes an entity of a row, which begins with these attributes.

    There is a process for each value of the row, or None where it is right as it comes. An
    attribute that is not named is not set, and reading it raises `AttributeError`.
    """
    unpacking, values = unpacked(processes)
    lines = [unpacking, "entity = new(twin)"]
    lines += [f"entity.{name} = {value}" for name, value in zip(names, values, strict=False)]
    return defined(
        processes,
        *lines,
        "entity.__class__ = entity_class",
        "return entity",
        new=object.__new__,
        twin=twin_of(entity),
        entity_class=entity,
    )


def tuple_maker(processes: Sequence[Process]) -> Make:
    """Make a function that makes a tuple of a row, with a process for each value or None."""
    if not any(processes):
        return tuple
    unpacking, values = unpacked(processes)
    return defined(processes, unpacking, f"return {', '.join(values)},")


def unpacked(processes: Sequence[Process]) -> tuple[str, list[str]]:
    """Write how a row is unpacked, and what is made of each of its values."""
    names = [f"value{n}" for n in range(len(processes))]
    made = [
        name if process is None else f"process{n}({name})"
        for n, (name, process) in enumerate(zip(names, processes, strict=True))
    ]
    return f"{', '.join(names)}, = row", made


def defined(processes: Sequence[Process], *lines: str, **names: Any) -> Make:
    """Define a function of a row, whose lines may name the processes, and other names."""
    scope = {f"process{n}": process for n, process in enumerate(processes)} | names
    exec("\n    ".join(["def make(row):", *lines]), scope)  # noqa: S102 (of attributes, which are names)
    made: Make = scope["make"]
    return made


@cache
def twin_of(entity: type) -> type:
    """Make a class whose objects can become an entity, and be written to until then."""
    return type(f"Unfinished{entity.__name__}", (), {"__slots__": entity.__slots__})  # type: ignore[attr-defined]  # dataclass(slots=True) made them


def values_in(new: Any) -> dict[str, Any]:
    """Give what is to be written, by its attributes: these are values, and need no copy."""
    return {name: getattr(new, name) for name in attributes_of(new.__class__)}


@cache
def attributes_of(entity: type) -> tuple[str, ...]:
    """Name the attributes of an entity, which are columns."""
    return tuple(each.name for each in fields(entity))


@lru_cache(KNOWN_SELECTIONS)
def attributes_read(entity: type, heavy: Heavy) -> tuple[str, ...]:
    """Name the attributes of an entity, without what is heavy but for these."""
    left_out = domain.HEAVY - heavy
    names = attributes_of(entity)
    return tuple(name for name in names if f"{entity.__name__}.{name}" not in left_out)
