"""Every place of the schema that takes an ID or a cursor, found by looking for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLString,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)

from tests.fuzz.documents import CORE

CURSORS = {"after", "before"}
VARIABLE = "$it"


@dataclass(frozen=True, slots=True)
class Place:
    """An argument, or a field of one, and a document that asks with it, as the variable `$it`."""

    name: str
    document: str
    is_cursor: bool
    is_list: bool

    def variables(self, *values: str) -> dict[str, Any]:
        """Give it values: the first, or all where it takes a list."""
        return {"it": [*values] if self.is_list else values[0]}


def places() -> list[Place]:
    """List them all; the document of each goes the shortest way to it."""
    return [
        place([*way, name], field, path)
        for root in (CORE.query_type, CORE.mutation_type)
        if root is not None
        for way, owner in ways(root)
        for name, field in owner.fields.items()
        for path in paths(field.args)
    ]


def ways(root: GraphQLObjectType) -> Iterator[tuple[list[str], GraphQLObjectType]]:
    """Give the types below a root that can be reached by fields without required arguments."""
    found: dict[str, list[str]] = {root.name: []}
    pending = [root]
    for owner in pending:
        yield found[owner.name], owner
        for name, field in owner.fields.items():
            type_ = get_named_type(field.type)
            if not isinstance(type_, GraphQLObjectType) or type_.name in found:
                continue
            if not any(map(is_required_argument, field.args.values())):
                found[type_.name] = [*found[owner.name], name]
                pending.append(type_)


Inputs = dict[str, GraphQLArgument] | dict[str, GraphQLInputField]


def paths(inputs: Inputs) -> Iterator[list[str]]:
    """Give the ways to IDs and cursors in arguments and what they consist of."""
    for name, each in inputs.items():
        type_ = get_named_type(each.type)
        if type_ is GraphQLID or (type_ is GraphQLString and name in CURSORS):
            yield [name]
        elif isinstance(type_, GraphQLInputObjectType):
            yield from ([name, *rest] for rest in paths(type_.fields))


def place(way: list[str], field: GraphQLField, path: list[str]) -> Place:
    """Write the document of one place, in an argument of the field at the end of a way."""
    declared: Any = field
    inputs: Inputs = field.args
    for step in path:
        declared = inputs[step]
        inputs = getattr(get_named_type(declared.type), "fields", {})
    call = f"{way[-1]}({values(field.args, path)}) {selection(get_named_type(field.type))}"
    for step in reversed(way[:-1]):
        call = f"{step} {{ {call} }}"
    kind = "mutation" if CORE.mutation_type and way[0] in CORE.mutation_type.fields else "query"
    return Place(
        name=".".join([*way, *path]),
        document=f"{kind}({VARIABLE}: {declared.type}) {{ {call} }}",
        is_cursor=get_named_type(declared.type) is GraphQLString,
        is_list=is_list_type(get_nullable_type(declared.type)),
    )


def values(inputs: Inputs, path: list[str]) -> str:
    """Write arguments: the variable at the end of the path, and what is required beside it."""
    written = []
    for name, each in inputs.items():
        is_on_path = bool(path) and name == path[0]
        if is_on_path or is_required_argument(each) or is_required_input_field(each):  # type: ignore[arg-type] # each asks only about its own kind
            rest = path[1:] if is_on_path else []
            value = VARIABLE if is_on_path and not rest else literal(each.type, rest)
            written.append(f"{name}: {value}")
    return ", ".join(written)


def literal(type_: Any, path: list[str]) -> str:
    """Write a value of a type, with the variable where the path ends."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        return f"{{ {values(named.fields, path)} }}"
    if isinstance(named, GraphQLEnumType):
        return str(next(iter(named.values)))
    literals = {"Int": "1", "Float": "1.5", "Boolean": "true", "ID": '"UG9zdDox"'}
    return literals.get(named.name, '"x"')


def selection(type_: GraphQLNamedType, levels: int = 4) -> str:
    """Select what a type has that needs no arguments, to some depth."""
    if is_leaf_type(type_):
        return ""
    parts = ["__typename"]
    if is_abstract_type(type_):
        members = CORE.get_possible_types(type_)
        parts += [f"... on {each.name} {selection(each, levels - 1)}" for each in members]
    elif levels > 0:
        parts += chosen(getattr(type_, "fields", {}), levels)
    return f"{{ {' '.join(parts)} }}"


def chosen(fields: dict[str, GraphQLField], levels: int) -> Iterable[str]:
    """Select IDs, cursors, messages and what they may be in."""
    wanted = {"id", "cursor", "message", "edges", "node", "pageInfo", "startCursor", "totalCount"}
    for name, field in fields.items():
        if name in wanted:
            yield f"{name} {selection(get_named_type(field.type), levels - 1)}"


def found_in(content: Any, names: set[str]) -> Iterator[str]:
    """Give the texts that stand under some names anywhere in an answer."""
    if isinstance(content, list):
        for each in content:
            yield from found_in(each, names)
    elif isinstance(content, dict):
        for name, value in content.items():
            if name in names and isinstance(value, str):
                yield value
            yield from found_in(value, names)
