"""What an operation costs the database: a number of statements that its rows do not change."""

from __future__ import annotations

import pytest

from persistence import Database
from tests.conftest import Execute, RecordQueries
from tests.factories import Given, signed_in

FEED = """
{
  posts {
    nodes {
      title
      author { username }
      tags { name }
      comments { nodes { body author { username } } }
    }
  }
}
"""

STATEMENTS = {
    "{ users { nodes { username } } }": 1,
    "{ users { totalCount } }": 1,
    "{ posts { nodes { title } } }": 1,
    "{ posts { totalCount nodes { title } } }": 2,
    "{ posts { edges { cursor } nodes { id } pageInfo { hasNextPage endCursor } } }": 1,
    "{ tags { nodes { name } } }": 1,
    "{ tags { totalCount } }": 1,
    "{ archive { postCount } }": 1,
    "{ posts { nodes { author { username } } } }": 2,
    "{ posts { nodes { tags { name } } } }": 2,
    "{ posts { nodes { comments { nodes { body } } } } }": 2,
    "{ posts { nodes { comments { totalCount } } } }": 2,
    "{ posts { nodes { comments(first: 1) { nodes { body } pageInfo { hasNextPage } } } } }": 2,
    "{ posts { nodes { comments(last: 1) { nodes { body } totalCount } } } }": 3,
    "{ users { nodes { posts { nodes { title } } } } }": 2,
    "{ users { nodes { posts { totalCount } } } }": 2,
    "{ users { nodes { comments { nodes { body } } } } }": 2,
    "{ users { nodes { comments { totalCount } } } }": 2,
    "{ tags { nodes { posts { nodes { title } } } } }": 2,
    "{ tags { nodes { posts { totalCount } } } }": 2,
    "{ posts { nodes { comments { nodes { author { username } } } } } }": 3,
    "{ users { nodes { comments { nodes { post { title } } } } } }": 3,
    "{ posts { nodes { comments(offset: 1) { nodes { id } pageInfo { hasPreviousPage } } } } }": 3,
    FEED: 4,  # all authors at once, as nothing waits for those of the posts
}


@pytest.mark.parametrize("rows", [1, 50])
async def test_statements_do_not_depend_on_rows(
    execute: Execute, given: Given, record_queries: RecordQueries, rows: int
) -> None:
    """N+1 is what hurts most, so every edge and every list is counted with 1 row and with 50."""
    for _ in range(rows):
        post = await given.a_post(by=await given.a_user(), tags=[await given.a_tag()])
        await given.a_comment(on=post, by=await given.a_user())
    await execute("{ users { nodes { id } } }")  # a first connection asks more of the server

    counted = {}
    for document in STATEMENTS:
        with record_queries() as queries:
            result = await execute(document)
        assert result.errors is None
        counted[document] = queries

    assert {document: len(queries) for document, queries in counted.items()} == STATEMENTS, counted


async def test_twenty_sibling_fields_share_one_connection(
    database: Database, execute: Execute, given: Given
) -> None:
    """Root fields resolve concurrently, and an unguarded session fails while it connects."""
    ada = await given.a_user()
    await given.a_post(by=ada)
    await database.engine.dispose()
    fields = " ".join(f"f{n}: posts(first: {n}) {{ nodes {{ title }} }}" for n in range(20))

    result = await execute(f"{{ {fields} }}", viewer=signed_in(ada))

    assert result.errors is None and result.data is not None
    assert [len(page["nodes"]) for page in result.data.values()] == [0, *[1] * 19]


async def test_what_needs_no_data_opens_no_connection(database: Database, execute: Execute) -> None:
    """Introspection, and whatever a cache could answer, must not wait for the pool."""
    await database.engine.dispose()

    result = await execute("{ __typename viewer { id } posts { __typename } }")

    assert result.errors is None
    assert result.data == {
        "__typename": "Query",
        "viewer": None,
        "posts": {"__typename": "PostConnection"},
    }
    assert "Connections in pool: 0" in database.engine.pool.status()
