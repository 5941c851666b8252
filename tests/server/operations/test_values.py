"""How many values an answer may hold: case by case, and never fewer than it holds."""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse
from hypothesis import given as given_any
from hypothesis import note, target

import domain
from schema import schema
from schema.arguments import DEFAULT_PAGE_SIZE
from schema.context import Context
from server.operations import OperationLimits, Operations, Refused
from server.operations.cost import CHARACTERS, CostModel, Values, values_in
from server.operations.pricing import computed, price
from tests.conftest import CLIENT
from tests.factories import NOON, Given, Store, signed_in
from tests.server.operations.documents import doubling, prepared, refusal
from tests.server.operations.queries import queries

PAGE = DEFAULT_PAGE_SIZE
CORE = schema._schema  # noqa: SLF001 (Strawberry offers no other way)
OUT = {"yes": True, "no": False}
AMPLE = OperationLimits(**dict.fromkeys(("cost", "values", "aliases", "directives"), 10**30))
OPERATIONS = Operations(schema, AMPLE, introspection=True)
EXCERPT = values_in(domain.characters_read(200))
POST = '{ post(by: {slug: "a"}) { … } }'


def values(document: str, **variables: Any) -> int:
    """How many values the answer to a document may hold, whatever that is."""
    operation = prepared(document, variables, AMPLE)
    bound = price(
        CostModel(CORE), Values(), operation.definition.node, operation.definition.fragments
    )
    return computed(bound, operation.variables.coerced)


@pytest.mark.parametrize(
    ("expected", "document"),
    [
        (1, "{ __typename }"),
        (2, "{ a: __typename b: __typename }"),
        (0, get_introspection_query()),
        (0, '{ __type(name: "Post") { name fields { name } } }'),
        (2, '{ __type(name: "Post") { name } viewer { id username } }'),
        (1, '{ node(id: "x") { id } }'),
        (4, '{ nodes(ids: ["x", "y"]) { id __typename } }'),
        (domain.MAX_SESSIONS, "{ sessions { id } }"),
        (1 + 2 * domain.MAX_TAGS, POST.replace("…", "id tags { id name }")),
    ],
)
def test_a_plain_value_is_one(expected: int, document: str) -> None:
    """For each object that it may be of; objects themselves are none, nor is the schema."""
    assert values(document) == expected


@pytest.mark.parametrize(
    ("expected", "selection"),
    [
        (500, "body"),
        (1_000, "a: body b: body"),
        (10, "author { bio }"),
        (25 * 2, "comments(first: 2) { nodes { body } }"),
        (1, "title"),
    ],
)
def test_a_long_text_is_as_many_as_it_has_room_for(expected: int, selection: str) -> None:
    """What it takes to write it is what counts, and nobody knows before how long it is."""
    assert values(POST.replace("…", selection)) == expected


@pytest.mark.parametrize(
    ("length", "argument", "variables"),
    [
        (200, "", {}),
        (1, "(length: 1)", {}),
        (2_000, "(length: 2000)", {}),
        (10_000, "(length: 2000000000)", {}),
        (1, "(length: -7)", {}),
        (400, "(length: $n)", {"n": 400}),
        (600, "(length: $n)", {}),
        (10_000, "(length: $n)", {"n": 2**31 - 1}),
        (200, "(length: $m)", {}),
        (300, "(length: $m)", {"m": 300}),
    ],
)
def test_an_excerpt_is_as_many_as_it_is_made_of(
    length: int, argument: str, variables: dict[str, Any]
) -> None:
    """By its length, a literal, a variable or the default; it takes more than it answers."""
    document = POST.replace("…", f"excerpt{argument}")
    if "$" in argument:
        declared = "$n: Int! = 600" if "$n" in argument else "$m: Int"
        document = f"query ({declared}) {document}"

    assert values(document, **variables) == ceil(domain.characters_read(length) / 200)


@pytest.mark.parametrize(
    ("expected", "selection"),
    [
        (5, "nodes { id }"),
        (10, "edges { cursor node { id } }"),
        (2, "pageInfo { hasNextPage endCursor }"),
        (1, "totalCount"),
        (5 + 1 + 1, "nodes { id } totalCount pageInfo { endCursor }"),
        (5 * 500, "nodes { body }"),
        (5 * PAGE * 25, "nodes { comments { nodes { body } } }"),
        (1, "__typename"),
        (0, "nodes { ... @skip(if: true) { body } }"),
    ],
)
def test_a_connection_has_the_values_of_its_page(expected: int, selection: str) -> None:
    """Each time that something shows it: an answer holds it as often."""
    assert values(f"{{ posts(first: 5) {{ {selection} }} }}") == expected


@pytest.mark.parametrize(
    ("expected", "document"),
    [
        (7, "query ($n: Int) { posts(first: $n) { nodes { id } } }"),
        (PAGE, "query ($m: Int) { posts(first: $m) { nodes { id } } }"),
        (3, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"),
        (1, "query ($yes: Boolean!) { __typename @include(if: $yes) }"),
        (0, "query ($no: Boolean!) { __typename @include(if: $no) }"),
        (
            7,
            "query ($n: Int) { ...P } fragment P on Query { posts(first: $n) { nodes { id } } }",
        ),
    ],
)
def test_values_are_counted_with_the_variables(expected: int, document: str) -> None:
    """A document is compiled once for all of them."""
    assert values(document, n=7, ids=["x"] * 3, **OUT) == expected


def test_what_can_be_several_things_has_the_values_of_the_largest() -> None:
    """A thing has one type, and what is selected of all of them is added."""
    document = '{ node(id: "x") { id ... on User { bio } ... on Post { body } } }'

    assert values(document) == 1 + 500


def test_a_fragment_counts_wherever_it_is_spread() -> None:
    """And is looked at once: a chain that doubles takes as long as it is."""
    document = f"{{ posts(first: 1) {{ nodes {{ ...F0 }} }} }} {doubling('…', 'body')}"
    operation, *fragments = parse(document).definitions
    assert isinstance(operation, OperationDefinitionNode)
    by_name: Any = {each.name.value: each for each in fragments}  # type: ignore[attr-defined] # they are fragments

    assert price(CostModel(CORE), Values(), operation, by_name) == 2**20 * 500


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            "{ posts(first: 100) { nodes { author { posts(first: 97) { nodes { "
            + " ".join(f"a{n}: {field}" for n in range(57))
            + " } } } } } }",
            id=field,
        )
        for field in ("excerpt", "title", "id", "__typename")
    ]
    + [
        pytest.param(
            "{ posts(first: 20) { nodes { " + " ".join(f"a{n}: body" for n in range(60)) + " } } }",
            id="body",
        )
    ],
)
def test_an_answer_that_keeps_everybody_waiting_is_refused(document: str) -> None:
    """However few the objects are that it is made of: writing it takes a worker seconds."""
    assert refusal(document).startswith("Too many values in the answer: ")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("{ posts(first: 100) { nodes { id title body } } }", id="bodies"),
        pytest.param("{ posts(first: 100) { nodes { id title excerpt } } }", id="excerpts"),
        pytest.param(
            "{ posts(first: 100) { nodes { id title author { username displayName } "
            "tags { name } comments(first: 20) { nodes { id body } } } } }",
            id="threads",
        ),
        pytest.param(get_introspection_query(), id="introspection"),
    ],
)
def test_the_pages_of_a_client_are_answered(document: str) -> None:
    """The largest that the cost allows, with all that a person reads."""
    assert prepared(document).definition


def test_who_asks_for_too_much_is_told_how_much() -> None:
    """A person reads it in the message, and a program reads the limit beside the code."""
    document = "query ($n: Int) { posts(first: $n) { nodes { body } } }"
    limits = OperationLimits(values=1_000)

    assert prepared(document, {"n": 2}, limits).definition
    with pytest.raises(Refused) as refused:
        prepared(document, {"n": 3}, limits)

    (error,) = refused.value.errors
    assert error.message == "Too many values in the answer: 1,500. The limit is 1,000."
    assert error.extensions == {"code": "QUERY_TOO_COMPLEX", "limit": 1_000}


def values_within(answer: Any) -> int:
    """Count the values of an answer, the long texts as what they are long."""
    if isinstance(answer, dict):
        return sum(map(values_within, answer.values()))
    if isinstance(answer, list):
        return sum(map(values_within, answer))
    if isinstance(answer, str):
        return max(1, ceil(len(answer) / CHARACTERS))
    return int(answer is not None)


async def updated(user: domain.User, work: domain.UnitOfWork) -> None:
    """Save a user."""
    await work.users.update(user)


@pytest.fixture
async def reader(given: Given) -> domain.Viewer:
    """Somebody who is signed in, where there is more of everything than a page of 3."""
    ada, ben = await given.a_user(username="ada"), await given.a_user(username="ben")
    for user in (ada, ben):
        wordy = user.edit(bio="b" * 2_000, at=NOON)
        await given.written(partial(updated, wordy))
    for _ in range(4):
        await given.a_user()
        await given.a_session(of=ada)
        for author in (ada, ben):
            post = await given.a_post(by=author, body="word " * 4_000, tags=["a", "b", "c", "d"])
            for _ in range(4):
                await given.a_comment(on=post, by=ada, body="c" * 5_000)
    return signed_in(ada)


@given_any(queries())
async def test_no_answer_holds_more_values_than_were_counted(
    store: Store,
    reader: domain.Viewer,
    accounts: domain.Accounts,
    query: tuple[str, dict[str, Any]],
) -> None:
    """Else the limit would be none for whoever found the query that shows it."""
    document, variables = query
    note(document)
    note(str(variables))

    operation = OPERATIONS.prepare(document, variables)
    async with store.unit_of_work(reader) as work:
        result = await operation.execute(Context(work, accounts, CLIENT))
    held, counted = values_within(result.data), values(document, **variables)

    assert result.errors is None
    assert held <= counted
    target(held - counted)


async def test_no_more_are_counted_than_an_answer_may_hold(
    store: Store, reader: domain.Viewer, accounts: domain.Accounts
) -> None:
    """A bound that is too high would refuse what does no harm."""
    document = """{ posts(first: 3) {
      totalCount
      edges { cursor node { title comments(first: 2) { nodes { id body } } author { bio } } }
    } }"""

    operation = OPERATIONS.prepare(document)
    async with store.unit_of_work(reader) as work:
        result = await operation.execute(Context(work, accounts, CLIENT))

    assert values_within(result.data) == values(document) == 1 + 3 * (2 + 2 * 26 + 10)
