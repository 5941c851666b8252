"""The API's contract, in the open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_non_null_type,
    is_specified_scalar_type,
    print_ast,
)

import domain
from schema import schema
from schema.loaders import NODES, Loaders

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "schema.graphql"
CONTRACT = ROOT.parent / "shared" / "api.graphql"
Argument: TypeAlias = GraphQLArgument | GraphQLInputField


def types_of(graphql_schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    """The API's own types, without the language's."""
    return {
        name: type_
        for name, type_ in graphql_schema.type_map.items()
        if not name.startswith("__") and not is_specified_scalar_type(type_)
    }


def default_of(value: Argument) -> str | None:
    """A default as it is printed."""
    node = value.ast_node and value.ast_node.default_value
    return print_ast(node) if node else None


def broken_promises(promised: GraphQLNamedType, kept: GraphQLNamedType | None) -> Iterator[str]:
    """What of a type in the contract is missing here, or looser."""
    match promised, kept:
        case GraphQLEnumType(), GraphQLEnumType():
            missing = promised.values.keys() - kept.values.keys()
            yield from (f"{promised.name}.{value}" for value in missing)
        case GraphQLInputObjectType(), GraphQLInputObjectType():
            yield from broken_inputs(promised, kept)
        case GraphQLObjectType(), GraphQLObjectType():
            yield from broken_interfaces(promised, kept)
            yield from broken_fields(promised, kept)
        case GraphQLInterfaceType(), GraphQLInterfaceType():
            yield from broken_fields(promised, kept)
        case GraphQLUnionType(), GraphQLUnionType():
            yield from broken_members(promised, kept)
        case GraphQLScalarType(), GraphQLScalarType():
            pass
        case _:
            yield f"{promised.name} is missing"


def broken_interfaces(promised: GraphQLObjectType, kept: GraphQLObjectType) -> Iterator[str]:
    for interface in {i.name for i in promised.interfaces} - {i.name for i in kept.interfaces}:
        yield f"{promised.name} implements {interface}"


def broken_members(promised: GraphQLUnionType, kept: GraphQLUnionType) -> Iterator[str]:
    """Both ways: a member that clients do not know of is one that they do not ask for."""
    for member in {m.name for m in promised.types} ^ {m.name for m in kept.types}:
        yield f"{promised.name} = {member}"


def broken_fields(
    promised: GraphQLObjectType | GraphQLInterfaceType,
    kept: GraphQLObjectType | GraphQLInterfaceType,
) -> Iterator[str]:
    for name in promised.fields:
        where, field, ours = f"{promised.name}.{name}", promised.fields[name], kept.fields.get(name)
        if ours is None or str(ours.type) != str(field.type):
            yield f"{where}: {field.type}"
        else:
            yield from broken_arguments(where, field.args, ours.args)


def broken_inputs(promised: GraphQLInputObjectType, kept: GraphQLInputObjectType) -> Iterator[str]:
    if promised.is_one_of is not kept.is_one_of:
        yield f"{promised.name} @oneOf"
    yield from broken_arguments(promised.name, promised.fields, kept.fields)


def broken_arguments(
    where: str, promised: Mapping[str, Argument], kept: Mapping[str, Argument]
) -> Iterator[str]:
    for name, argument in promised.items():
        ours = kept.get(name)
        if ours is None or str(ours.type) != str(argument.type):
            yield f"{where}({name}: {argument.type})"
        elif default_of(ours) != default_of(argument):
            yield f"{where}({name}) has another default"
    for extra in kept.keys() - promised.keys():
        if is_non_null_type(kept[extra].type) and default_of(kept[extra]) is None:
            yield f"{where} demands {extra}"


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract is not beside this checkout")
def test_every_promise_of_the_contract_is_kept() -> None:
    """Clients are written against it: nothing may be missing, renamed or looser."""
    contract = build_schema(CONTRACT.read_text())
    ours = types_of(build_schema(schema.as_str()))

    broken = [
        promise
        for name, promised in types_of(contract).items()
        for promise in broken_promises(promised, ours.get(name))
    ]

    assert broken == []


def test_the_contract_test_can_fail() -> None:
    """A check of promises that finds nothing missing in an empty schema checks nothing."""
    contract = build_schema(
        """
        interface Node { id: ID! }
        enum Mood { GOOD BAD }
        input By @oneOf { id: ID mood: Mood }
        type Query { a(first: Int): Int! b(by: By!, first: Int = 1): Node mood(mood: Mood!): Mood }
        type Good implements Node { id: ID! }
        type Bad { id: ID! }
        union Result = Good | Bad
        input Change { publish: Boolean! = false }
        type Mutation { change(input: Change!): Result! undo: Boolean! }
        """
    )
    looser = build_schema(
        """
        interface Node { id: ID }
        enum Mood { GOOD }
        input By { id: ID mood: Mood more: Int! }
        type Query { a(last: Int!): Int b(by: By, first: Int = 2): Node mood(mood: Mood!): Mood }
        type Good { id: ID! }
        type Worse { id: ID! }
        union Result = Good | Worse
        input Change { publish: Boolean! = true }
        type Mutation { change(input: Change!): Result }
        """
    )
    ours = types_of(looser)

    broken = [
        promise
        for name, promised in types_of(contract).items()
        for promise in broken_promises(promised, ours.get(name))
    ]

    assert sorted(broken) == [
        "Bad is missing",
        "By @oneOf",
        "By demands more",
        "Change(publish) has another default",
        "Good implements Node",
        "Mood.BAD",
        "Mutation.change: Result!",
        "Mutation.undo: Boolean!",
        "Node.id: ID!",
        "Query.a: Int!",
        "Query.b(by: By!)",
        "Query.b(first) has another default",
        "Result = Bad",
        "Result = Worse",
    ]


def test_the_schema_is_the_published_one() -> None:
    """A change to the API shows up in review; `make schema` accepts it."""
    assert schema.as_str() + "\n" == PUBLISHED.read_text()


async def test_every_node_is_found_by_its_type(work: domain.UnitOfWork) -> None:
    """An ID holds the name of the API's type, which is the entity's, and picks the loader."""
    nodes = {
        name
        for name, type_ in types_of(build_schema(schema.as_str())).items()
        if isinstance(type_, GraphQLObjectType) and "Node" in {i.name for i in type_.interfaces}
    }

    assert nodes == {*NODES}
    assert all(Loaders(work).of_type(name) for name in nodes)
    assert nodes <= {*domain.__all__}


def test_everything_is_described() -> None:
    """Descriptions are the documentation that explorers show: nothing goes without."""
    undescribed = []
    for type_ in types_of(schema._schema).values():  # noqa: SLF001 (Strawberry offers no other way)
        if not type_.description:
            undescribed.append(type_.name)
        if isinstance(type_, GraphQLEnumType):
            undescribed += [f"{type_}.{n}" for n, v in type_.values.items() if not v.description]
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            undescribed += [f"{type_}.{n}" for n, f in type_.fields.items() if not f.description]
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            undescribed += [
                f"{type_}.{name}({arg_name})"
                for name, field in type_.fields.items()
                for arg_name, arg in field.args.items()
                if not arg.description
            ]

    assert undescribed == []
