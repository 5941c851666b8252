"""What an operation costs: case by case, and never less than what it loads."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import strawberry
from graphql import (
    FragmentDefinitionNode,
    GraphQLObjectType,
    OperationDefinitionNode,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    parse,
)

from domain import MAX_SESSIONS, MAX_TAGS
from schema import schema
from schema.arguments import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from schema.posts import MAX_ARCHIVE_MONTHS
from schema.sizes import AtMost, loads
from server.operations import OperationLimits, Refused
from server.operations.cost import CostModel, Objects
from server.operations.pricing import price
from tests.server.operations.documents import doubling, prepared

PAGE = DEFAULT_PAGE_SIZE
CORE = schema._schema  # noqa: SLF001 (Strawberry offers no other way)
OUT = {"yes": True, "no": False}


def cost(document: str, **variables: Any) -> int:
    """What a document costs, whatever that is."""
    return prepared(
        document, variables, OperationLimits(cost=10**30, values=10**30, aliases=1_000)
    ).cost


@pytest.mark.parametrize(
    ("expected", "document"),
    [
        (0, "{ __typename }"),
        (0, "{ __schema { types { name fields { name } } } }"),
        (0, '{ __type(name: "Post") { name } posts { __typename } }'),
        (1, "{ viewer { id username } }"),
        (1, '{ node(id: "x") { id } }'),
        (2, '{ nodes(ids: ["x", "y"]) { id } }'),
        (1, '{ nodes(ids: "x") { id } }'),
        (0, "{ nodes(ids: []) { id } }"),
        (MAX_SESSIONS, "{ sessions { id } }"),
        (MAX_ARCHIVE_MONTHS, "{ archive { postCount } }"),
        (1 + MAX_TAGS, "{ post(by: {slug: 1}) { tags { name } } }".replace("1", '"a"')),
    ],
)
def test_a_field_costs_what_it_can_load(expected: int, document: str) -> None:
    """One thing, as many as are asked for, or as many as there can be; what is known is free."""
    assert cost(document) == expected


@pytest.mark.parametrize(
    ("expected", "selection"),
    [
        (5, "nodes { id }"),
        (5, "edges { cursor }"),
        (5, "edges { node { id } }"),
        (5, "pageInfo { hasNextPage }"),
        (5, "nodes { id } pageInfo { endCursor } edges { cursor node { id } }"),
        (1, "totalCount"),
        (6, "totalCount nodes { id }"),
        (10, "nodes { author { id } }"),
        (10, "edges { node { author { id } } }"),
        (15, "edges { node { author { id } } } nodes { author { id } }"),
        (5 + 5 * PAGE, "nodes { comments { nodes { id } } }"),
        (5 + 5, "nodes { comments { totalCount } }"),
        (5 + 5 * 2 * 2, "nodes { comments(last: 2) { nodes { author { id } } } }"),
        (0, "__typename"),
    ],
)
def test_a_connection_costs_its_page(expected: int, selection: str) -> None:
    """Once for all that show it, a count beside it, and what is beneath it for each item."""
    assert cost(f"{{ posts(first: 5) {{ {selection} }} }}") == expected


@pytest.mark.parametrize(
    ("size", "arguments", "variables"),
    [
        (PAGE, "", {}),
        (PAGE, "(first: null)", {}),
        (0, "(first: 0)", {}),
        (7, "(first: 7)", {}),
        (7, "(last: 7)", {}),
        (7, "(first: null, last: 7)", {}),
        (MAX_PAGE_SIZE, "(first: 1000000)", {}),
        (0, "(first: -7)", {}),
        (7, "(first: $n)", {"n": 7}),
        (3, "(first: $n)", {}),
        (PAGE, "(first: $n)", {"n": None}),
        (PAGE, "(last: $m)", {}),
        (7, "(last: $m)", {"m": 7}),
        (9, "(first: $n, last: $m)", {"n": 7, "m": 9}),
        (MAX_PAGE_SIZE, "(first: $n)", {"n": 2**31 - 1}),
    ],
)
def test_the_size_of_a_page_is_what_is_asked_for(
    size: int, arguments: str, variables: dict[str, Any]
) -> None:
    """By a literal, a variable or its default; unset or null is the usual size."""
    document = f"{{ posts{arguments} {{ nodes {{ id }} }} }}"
    if "$" in arguments:
        declared = " ".join(
            {"$n": "$n: Int = 3", "$m": "$m: Int"}[name]
            for name in ("$n", "$m")
            if name in arguments
        )
        document = f"query ({declared}) {document}"

    assert cost(document, **variables) == size


def test_ids_in_variables_are_counted_with_them() -> None:
    """As a list, as a single one, and as a list of variables."""
    by_list = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    by_elements = "query ($a: ID!, $b: ID!) { nodes(ids: [$a, $b]) { id } }"

    assert cost(by_list, ids=["x"] * 3) == 3
    assert cost(by_list, ids="x") == 1
    assert cost(by_elements, a="x", b="x") == 2


@pytest.mark.parametrize(
    ("expected", "directives"),
    [
        (1, "@include(if: true)"),
        (0, "@include(if: false)"),
        (0, "@skip(if: true)"),
        (1, "@skip(if: false)"),
        (1, "@include(if: $yes)"),
        (0, "@include(if: $no)"),
        (0, "@skip(if: $yes)"),
        (1, "@skip(if: $no)"),
        (0, "@include(if: $yes) @skip(if: $yes)"),
        (0, "@include(if: $no) @skip(if: $no)"),
        (1, "@include(if: $yes) @skip(if: $no)"),
        (0, "@include(if: $no) @skip(if: true)"),
    ],
)
@pytest.mark.parametrize(
    "selection", ["viewer … { id }", "... … { viewer { id } }", "...F …"], ids=["field", "in", "of"]
)
def test_what_is_left_out_costs_nothing(expected: int, directives: str, selection: str) -> None:
    """A client sends one document for all that it may show, and pays for what it does."""
    declared = " ".join(f"${each}: Boolean!" for each in OUT if f"${each}" in directives)
    document = f"query Q{f'({declared})' if declared else ''} {{ {selection} }}"
    if "...F" in selection:
        document += " fragment F on Query { viewer { id } }"

    assert cost(document.replace("…", directives), **OUT) == expected


@pytest.mark.parametrize(
    ("expected", "selection"),
    [
        (1, "... on User { id } ... on Post { id }"),
        (2, "... on Post { author { id } } ... on User { id }"),
        (2, "... on Post { author { id } } ... on Comment { author { id } }"),
        (1 + PAGE, "... on User { posts { nodes { id } } } ... on Comment { author { id } }"),
        (3, "... on Comment { author { id } } ... on Comment { post { id } } ... on Tag { id }"),
        (2, "... on Node { ... on Post { author { id } } ... on Comment { author { id } } }"),
        (2, "...P ...C"),
    ],
)
def test_what_can_be_several_things_costs_the_dearest(expected: int, selection: str) -> None:
    """A thing has one type, and all that is selected of that is added."""
    document = f'{{ node(id: "x") {{ {selection} }} }}'
    if "...P" in selection:
        document += """
        fragment P on Post { author { id } }
        fragment C on Comment { author { id } }
        """

    assert cost(document) == expected


def test_an_interface_beneath_a_list_costs_the_dearest_for_each() -> None:
    """Each of them can be of that type."""
    document = '{ nodes(ids: ["x", "y"]) { ... on Post { author { id } } ... on Tag { id } } }'

    assert cost(document) == 4


def test_a_mutation_costs_its_result_and_what_is_read_of_it() -> None:
    """The payload and the errors exclude each other."""
    document = """mutation {
      addComment(input: {postId: "x", body: "a"}) {
        ... on AddCommentPayload { comment { author { id } } commentEdge { node { id } } }
        ... on InvalidInput { fields { message } }
      }
      signOut
    }"""

    assert cost(document) == 1 + (1 + 1) + 1


class Watched(dict[str, Any]):
    """Variables that count how often they are looked at."""

    looked_at = 0

    def get(self, name: str, default: Any = None) -> Any:
        self.looked_at += 1
        return super().get(name, default)


@pytest.mark.parametrize("link", ["…", "... @include(if: $yes) { … }"])
def test_a_fragment_costs_wherever_it_is_spread(link: str) -> None:
    """And is priced once for each request: a chain that doubles takes as long as it is."""
    chain = doubling(link, "comments(first: $n) { nodes { id } }")
    query = "query ($n: Int, $yes: Boolean!) { posts(first: 1) { nodes { ...F0 } } }"
    operation, *fragments = parse(f"{query} {chain}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    by_name = {
        each.name.value: each for each in fragments if isinstance(each, FragmentDefinitionNode)
    }
    variables = Watched(n=3, yes=True)

    bound = price(CostModel(CORE), Objects(), operation, by_name)

    assert callable(bound)
    assert bound(variables) == 1 + 2**20 * 3
    assert variables.looked_at <= 2 * len(by_name)


def test_one_fragment_is_priced_by_where_it_stands() -> None:
    """What it shows of a connection's page is loaded with what is selected beside it."""
    document = """
    { posts(first: 5) { ...Page nodes { id } } users(first: 3) { nodes { posts { ...Page } } } }
    fragment Page on PostConnection { totalCount nodes { author { id } } pageInfo { endCursor } }
    """

    assert cost(document) == (1 + 5 + 5) + (3 + 3 * (1 + PAGE + PAGE))


def test_who_asks_for_too_much_is_told_how_much() -> None:
    """A person reads it in the message, and a program beside the code."""
    document = (
        "query ($n: Int) { posts(first: 100) { nodes { comments(first: $n) { nodes { id } } } } }"
    )
    limits = OperationLimits(cost=1_100)

    assert prepared(document, {"n": 10}, limits).cost == 1_100
    with pytest.raises(Refused) as refused:
        prepared(document, {"n": 11}, limits)

    (error,) = refused.value.errors
    assert "1,200" in error.message and "1,100" in error.message
    assert error.extensions == {"code": "QUERY_TOO_COMPLEX", "cost": 1_200, "limit": 1_100}


def test_every_list_of_things_says_how_long_it_can_get() -> None:
    """Else a field that is added tomorrow would be free, and the limit would be none."""
    model = CostModel(CORE)
    lists = [
        (type_, name)
        for type_ in CORE.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name, field in type_.fields.items()
        if is_composite_type(get_named_type(field.type))
        and is_list_type(get_nullable_type(field.type))
    ]

    assert {f"{type_.name}.{name}" for type_, name in lists} >= {"Query.nodes", "Post.tags"}
    assert all(model.size(type_, name) is not None for type_, name in lists)


@strawberry.type
class Thing:
    name: str


def test_a_schema_with_a_list_that_does_not_is_no_schema_of_ours() -> None:
    """The server does not start with it, and says where it is."""

    @strawberry.type
    class Query:
        sized: list[Thing] = strawberry.field(metadata=loads(AtMost(3)))
        unsized: list[Thing]
        words: list[str]

    core = strawberry.Schema(query=Query)._schema  # noqa: SLF001 (Strawberry offers no other way)

    with pytest.raises(TypeError, match=r"^Query\.unsized has to say how much it loads"):
        CostModel(core)
    with pytest.raises(TypeError, match=r"^Query\.a "):
        CostModel(build_schema("type Query { a: [Query!]! }"))


@pytest.mark.parametrize("pages", [4, 19])
def test_a_cost_beyond_all_numbers_is_told(pages: int) -> None:
    """As far as anybody wants to know it, and by a number that JSON's readers can hold."""
    page = "{ posts(first: 100) { nodes { author "
    document = page * pages + "{ id }" + " } } }" * pages

    with pytest.raises(Refused) as refused:
        prepared(document, limits=OperationLimits(depth=60))

    (error,) = refused.value.errors
    objects = 2 * (100**pages - 1) * 100 // 99
    assert "may load more than 1,000,000 objects. The limit is 10,000" in error.message
    assert orjson.loads(orjson.dumps(error.extensions)) == {
        "code": "QUERY_TOO_COMPLEX",
        "cost": min(objects, 2**53 - 1),
        "limit": 10_000,
    }
