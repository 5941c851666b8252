"""What hangs below the span of a request, on every database."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import make_url

from bench.workloads import FEED
from persistence import Base, Database
from server.settings import Environment
from tests.factories import Given
from tests.server.explorer.asking import TRACED, a_token
from tests.server.spans.recording import Recorded, id_of, parent_of, recorded, told

CREATE_POST = """mutation Write($title: String!, $tags: [String!]!) {
  createPost(input: {title: $title, body: "Body.", tags: $tags}) {
    ... on CreatePostPayload { post { tags { name } } }
  }
}"""
FEED_TREE = [
    "query",
    "  load Query.posts",
    "    SELECT",
    "  load Post.comments",
    "    SELECT",
    "  load Post.author",
    "    SELECT",
    "  load Post.tags",
    "    SELECT",
]
TABLES = {table.name for table in Base.metadata.sorted_tables}
SYSTEMS = {"sqlite": {"sqlite"}, "postgresql": {"postgresql"}, "mysql": {"mysql", "mariadb"}}


async def a_feed(given: Given) -> None:
    ada, bob = await given.a_user(), await given.a_user()
    for _ in range(3):
        await given.a_comment(on=await given.a_post(by=ada), by=bob)


def statements_of(server: Recorded) -> list[dict[str, Any]]:
    """What the spans of statements tell."""
    return [told(each) for each in server.spans if "db.query.text" in (each.attributes or {})]


def operations_of(server: Recorded) -> list[str]:
    """The tree without the tables, which joins of each database name in an order of its own."""
    return [re.sub(r"(SELECT|INSERT) .*", r"\1", line) for line in server.tree()]


async def test_a_feed_is_a_tree_of_loads_and_statements(
    database_url: str, database: Database, given: Given
) -> None:
    """A load for each question, however many ask it, and a statement for each load."""
    await a_feed(given)

    with recorded(database_url) as server:
        answer = server.ask(FEED).json()

    assert "errors" not in answer
    assert operations_of(server) == FEED_TREE
    loads = {each.name: told(each) for each in server.spans if each.name.startswith("load")}
    assert loads["load Post.author"] == {
        "inkwell.keys": 2,
        "inkwell.fields": ("posts.nodes.author", "posts.nodes.comments.nodes.author"),
    }


async def test_statements_are_told_as_the_conventions_have_it(
    database_url: str, database: Database, given: Given
) -> None:
    """So that any tool for traces knows a database when it sees one."""
    await a_feed(given)

    with recorded(database_url) as server:
        server.ask("{ users { nodes { username } } }")

    (statement,) = statements_of(server)
    url = make_url(database_url)
    is_local = url.get_backend_name() == "sqlite"
    assert statement["db.system.name"] in SYSTEMS[url.get_backend_name()]
    assert statement["db.operation.name"] == "SELECT"
    assert statement["db.query.summary"] == "SELECT users"
    assert statement["db.query.text"].startswith("SELECT users.id")
    assert statement["db.response.returned_rows"] == 2
    assert statement.get("server.address") == (None if is_local else url.host)
    assert statement.get("db.namespace") == (None if is_local else url.database)


async def test_spans_lie_within_the_one_they_are_part_of(
    database_url: str, database: Database, given: Given
) -> None:
    """Their times are of one clock, though most are written down afterwards."""
    await a_feed(given)

    with recorded(database_url) as server:
        server.ask(FEED)

    by_id = {id_of(each): each for each in server.spans}
    within = [(each, by_id[parent_of(each) or ""]) for each in server.spans if each.parent]
    assert len(within) == len(FEED_TREE) - 1
    for inner, outer in within:
        assert (outer.start_time or 0) <= (inner.start_time or 0) < (inner.end_time or 0), inner
        assert (inner.end_time or 0) <= (outer.end_time or 0), inner


async def test_what_a_mutation_sends_is_below_the_request(
    database_url: str, database: Database, given: Given
) -> None:
    """From BEGIN to COMMIT, each with its field; the token's own statement has none."""
    token = await a_token(given, of=await given.a_user())

    with recorded(database_url) as server:
        answer = server.ask(CREATE_POST, token=token, title="A title", tags=["a"]).json()

    assert "errors" not in answer
    session, *sent, payload = statements_of(server)
    assert server.request.name == "mutation"
    assert session["db.query.summary"] == "SELECT sessions users"
    assert "inkwell.fields" not in session
    assert {each["inkwell.fields"] for each in sent} == {("createPost",)}
    assert sent[-1]["db.query.summary"] == "COMMIT"
    assert "INSERT posts" in {each["db.query.summary"].split(" users")[0] for each in sent}
    assert payload["db.operation.name"] == "SELECT" and "inkwell.fields" not in payload
    assert server.tree()[-2].strip() == "load Post.tags"


async def test_names_are_of_the_schema_and_the_tables(
    database_url: str, database: Database, given: Given
) -> None:
    """Tools count by them: there may not be a new one for each client's alias."""
    await a_feed(given)
    token = await a_token(given, of=await given.a_user())

    with recorded(database_url) as server:
        server.ask("query Mine { mine: posts { all: nodes { by: author { id } } } }")
        server.ask(CREATE_POST, token=token, title="A title", tags=["a"])

    loads = {each.name for each in server.spans if each.name.startswith("load")}
    named = {word for each in statements_of(server) for word in each["db.query.summary"].split()}
    assert loads == {"load Query.posts", "load Post.author", "load Post.tags"}
    assert {each.name for each in server.requests} == {"query", "mutation"}
    assert named - TABLES <= {"SELECT", "INSERT", "BEGIN", "START", "SET", "COMMIT"}


async def test_without_plans_statements_are_below_the_request(
    database_url: str, database: Database, given: Given
) -> None:
    """Graphql-core's executor does not tell which fields they are for."""
    await a_feed(given)

    with recorded(database_url, execution_plans=False) as server:
        server.ask(FEED)

    request, *statements = operations_of(server)
    assert request == "query" and {*statements} == {"  SELECT"}


async def test_the_explorer_shows_the_trace_that_spans_are_made_of(
    database_url: str, database: Database, given: Given
) -> None:
    """There is one, and both see all of it."""
    await a_feed(given)

    with recorded(database_url, environment=Environment.DEVELOPMENT) as server:
        asked = server.ask(FEED, headers=TRACED).json()["extensions"]["trace"]
        other = server.ask(FEED).json()

    first, second = server.requests
    sent = [each["db.query.text"] for each in statements_of(server)]
    assert [each["sql"] for each in asked["statements"]] == sent[:4]
    assert asked["phases"]["validate"] == told(first)["inkwell.validate_ms"]
    assert all(each["explain"] for each in asked["statements"])
    assert "extensions" not in other and "inkwell.validate_ms" not in told(second)


@pytest.mark.backends("postgresql")
async def test_a_statement_that_fails_is_an_error_without_words(
    database_url: str, database: Database, given: Given
) -> None:
    """Drivers quote values in theirs."""
    ada = await given.a_user()
    token = await a_token(given, of=ada)
    async with database.writing() as other:
        await other.exec_driver_sql("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")

        with recorded(database_url, db_statement_timeout_seconds=0.2) as server:
            server.ask("{ posts { nodes { title } } }", token=token)

    failed = [each for each in server.spans if each.status.status_code.name == "ERROR"]
    assert {each.name for each in failed} == {"query", "SELECT posts"}
    assert {told(each)["error.type"] for each in failed} == {"SERVICE_UNAVAILABLE", "DBAPIError"}
    assert {each.status.description for each in failed} == {None}


@pytest.mark.backends("postgresql")
async def test_what_was_stopped_has_the_span_of_what_held_it_up(
    database_url: str, database: Database, given: Given
) -> None:
    """A trace is looked for most where there is no answer."""
    async with database.writing() as other:
        await other.exec_driver_sql("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")

        with recorded(database_url, operation_timeout_seconds=0.3) as server:
            response = server.ask("{ posts { nodes { title } } }")

    errors = {each.name: told(each).get("error.type") for each in server.spans}
    assert response.status_code == 504
    assert errors == {
        "query": "TIMEOUT",
        "load Query.posts": None,
        "SELECT posts": "CancelledError",
    }
