"""What an answer tells of its own cost, on every database."""

from __future__ import annotations

import asyncio
import gc

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import text

import domain
from persistence import Database, EngineOptions
from server.authentication import Authentication
from server.execution.tracing import TracedRun
from server.http.endpoint import HttpLimits
from tests.factories import Given, global_id
from tests.server.explorer.asking import (
    TRACED,
    a_token,
    fields_of,
    shown,
    statements_of,
    traced,
)
from tests.server.explorer.conftest import explorer_over

NESTED = """query Nested($posts: Int) { posts(first: $posts) { nodes {
  author { displayName }
  comments(first: 20) { totalCount nodes { body author { displayName } } }
} } }"""
SIGN_UP = """mutation { signUp(input: {
  username: "ada", email: "ada@example.com", password: "a long password"
}) { ... on SignUpPayload { user { username } } } }"""


async def test_each_statement_is_told_with_the_fields_that_it_is_for(
    client: AsyncClient, given: Given
) -> None:
    """Sixty nested comments are one statement for three parents, and their authors another."""
    authors = [await given.a_user() for _ in range(5)]
    for writer in authors[:3]:
        post = await given.a_post(by=writer)
        for n in range(20):
            await given.a_comment(on=post, by=authors[n % 5])

    answer = await traced(client, NESTED, posts=3)

    told = [(fields_of(each), each["keys"], each["rows"]) for each in statements_of(answer)]
    assert told == [
        ({"posts.nodes": 1}, 1, 3),
        ({"posts.nodes.comments.nodes": 3}, 3, 60),
        ({"posts.nodes.author": 3, "posts.nodes.comments.nodes.author": 60}, 5, 5),
        ({"posts.nodes.comments.totalCount": 3}, 3, 3),
    ]


async def test_times_add_up(client: AsyncClient, given: Given) -> None:
    """What the phases and statements take is within the whole, and statements do not overlap."""
    await given.a_post(by=await given.a_user())

    answer = await traced(client, NESTED)

    trace = answer["extensions"]["trace"]
    phases = trace["phases"]
    assert phases.keys() == {"parse", "validate", "plan", "execute", "sql", "encode"}
    assert all(took > 0 for took in phases.values()), phases
    assert sum(phases.values()) <= trace["durationMs"]
    ended = 0.0
    for each in trace["statements"]:
        assert each["startMs"] >= ended and each["durationMs"] > 0
        ended = each["startMs"] + each["durationMs"]
    assert ended <= trace["durationMs"]
    took = sum(each["durationMs"] for each in trace["statements"])
    assert phases["sql"] == pytest.approx(took, abs=0.01)


async def test_what_was_kept_from_before_takes_no_time(client: AsyncClient) -> None:
    """A document is parsed, validated and compiled once."""
    await traced(client, NESTED)

    again = await traced(client, NESTED)

    phases = again["extensions"]["trace"]["phases"]
    assert (phases["parse"], phases["validate"], phases["plan"]) == (None, None, None)


async def test_the_cost_is_told_as_well(client: AsyncClient) -> None:
    """By its own header."""
    answer = await traced(client, "{ posts(first: 3) { nodes { author { id } } } }")

    assert answer["extensions"]["cost"] == {"requested": 6, "limit": 10_000}


async def test_nothing_is_told_to_those_who_do_not_ask(client: AsyncClient) -> None:
    """A trace is as large as the answer, or larger."""
    response = await client.post("/graphql", json={"query": NESTED})

    assert response.json().keys() == {"data"}


async def test_what_a_mutation_sends_is_for_its_field(client: AsyncClient, given: Given) -> None:
    """From BEGIN to COMMIT, and what its payload selects."""
    token = await a_token(given, of=await given.a_user())
    document = """mutation { createPost(input: {title: "A title", body: "Body.", tags: ["a"]}) {
      ... on CreatePostPayload { post { tags { name } } } } }"""

    answer = await traced(client, document, token=token)

    session, *of_the_field, last = statements_of(answer)
    assert (session["kind"], session["fields"], session["keys"]) == ("read", [], None)
    assert {*map(str, map(fields_of, of_the_field))} == {"{'createPost': 1}"}
    assert of_the_field[0]["kind"] == of_the_field[-1]["kind"] == "transaction"
    assert "write" in {each["kind"] for each in of_the_field}
    assert fields_of(last) == {"createPost.post.tags": 1}


async def test_aliases_are_told_as_the_answer_has_them(client: AsyncClient, given: Given) -> None:
    """That is how one finds them in the document; those of a batch are one statement."""
    await given.a_post(by=await given.a_user(username="ada"))
    document = """{ a: user(by: {username: "ada"}) { id } b: user(by: {username: "bob"}) { id } }"""

    answer = await traced(client, document)

    (only,) = statements_of(answer)
    assert (fields_of(only), only["keys"]) == ({"a": 1, "b": 1}, 2)


async def test_a_resolver_that_waits_for_itself_is_told_too(
    client: AsyncClient, given: Given
) -> None:
    """Some fields are coroutines, which run in tasks of their own."""
    await given.a_post(by=await given.a_user())

    answer = await traced(client, "{ months: archive { year postCount } }")

    assert [fields_of(each) for each in statements_of(answer)] == [{"months": 1}]


async def test_only_what_may_be_run_again_has_a_handle(client: AsyncClient, given: Given) -> None:
    """To explain a statement is to run it."""
    answer = await traced(client, SIGN_UP)

    handles = {each["kind"]: each["explain"] for each in statements_of(answer)}
    assert handles["write"] is None and handles["transaction"] is None
    assert isinstance(handles["read"], str)


async def test_a_request_that_is_refused_has_a_trace_as_well(client: AsyncClient) -> None:
    """Validation may be what took the time."""
    response = await client.post("/graphql", json={"query": "{ nothing }"}, headers=TRACED)

    answer = response.json()
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert answer["extensions"]["trace"]["phases"]["validate"] > 0
    assert statements_of(answer) == []


@pytest.mark.backends("postgresql")
async def test_what_was_stopped_is_told_with_what_stopped_it(
    database: Database, authentication: Authentication, accounts: domain.Accounts
) -> None:
    """The statement that somebody's lock held up is the one to look for."""
    explorer = explorer_over(database, authentication, accounts, HttpLimits(seconds=0.3))
    async with (
        database.writing() as other,
        AsyncClient(transport=ASGITransport(explorer), base_url="http://inkwell") as client,
    ):
        await other.execute(text("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE"))

        response = await client.post("/graphql", json={"query": NESTED}, headers=TRACED)

    (statement,) = statements_of(response.json())
    assert response.status_code == 504
    assert (statement["error"], fields_of(statement)) == ("It was stopped.", {"posts.nodes": 1})
    assert statement["durationMs"] > 200


@pytest.mark.backends("postgresql")
async def test_what_failed_before_any_field_is_told_too(
    database: Database, database_url: str, accounts: domain.Accounts, given: Given
) -> None:
    """Here it is the session's own statement that somebody's lock held up."""
    token = await a_token(given, of=await given.a_user())
    options = EngineOptions(statement_timeout_seconds=0.2)
    async with (
        Database.connect(database_url, options) as hasty,
        Authentication.over(hasty) as authentication,
        database.writing() as other,
    ):
        await other.execute(text("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE"))
        explorer = explorer_over(hasty, authentication, accounts, HttpLimits())
        async with AsyncClient(transport=ASGITransport(explorer), base_url="http://a") as client:
            response = await client.post(
                "/graphql", json={"query": "{ __typename }"}, headers=TRACED | shown(token)
            )

    statements = statements_of(response.json())
    assert response.status_code == 503
    assert statements and all(each["error"] and each["fields"] == [] for each in statements)


async def test_a_list_of_promises_is_one_field_of_one_parent(
    client: AsyncClient, given: Given
) -> None:
    """Its items are no parents."""
    ids = [global_id("User", (await given.a_user()).id) for _ in range(3)]

    answer = await traced(client, "query A($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)

    (statement,) = statements_of(answer)
    assert (fields_of(statement), statement["keys"]) == ({"nodes": 1}, 3)


async def test_a_connection_does_not_remember_who_opened_it(
    client: AsyncClient, given: Given
) -> None:
    """What drivers register is in the context of then, for as long as the connection lives."""
    await given.a_post(by=await given.a_user())

    await asyncio.gather(*(traced(client, NESTED) for _ in range(5)))

    gc.collect()
    assert [each for each in gc.get_objects() if isinstance(each, TracedRun)] == []


async def test_requests_at_once_tell_each_their_own(client: AsyncClient, given: Given) -> None:
    """What is current in one task is not in another."""
    await given.a_post(by=await given.a_user())
    documents = [
        "{ posts { nodes { id } } }",
        "{ users { nodes { id } } }",
        "{ tags { totalCount } }",
    ]

    answers = await asyncio.gather(*(traced(client, each) for each in documents))

    fields = [[*map(fields_of, statements_of(each))] for each in answers]
    assert fields == [[{"posts.nodes": 1}], [{"users.nodes": 1}], [{"tags.totalCount": 1}]]
