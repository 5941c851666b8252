"""How much less a plan does than graphql-core's executor, counted and not timed."""

from __future__ import annotations

import sys
from typing import Any

from schema import schema
from schema.context import Context
from server.operations import OperationLimits, Operations
from tests.conftest import CLIENT
from tests.factories import Given, Store

POSTS, REPLIES = 20, 3
FEED = """{
  posts(first: 20) {
    nodes {
      id
      slug
      title
      publishedAt
      author { id displayName }
      tags { id name }
      comments(first: 3) { nodes { id body createdAt author { id displayName } } }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
LEAST_RATIO = 5


class Calls:
    """Counts the calls of Python functions while it is looking."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, frame: object, event: str, argument: object) -> None:
        self.count += event == "call"


async def calls_of(store: Store, *, plans: bool) -> tuple[int, Any]:
    """Count what executing the feed takes, as soon as the document is known."""
    operations = Operations(schema, OperationLimits(), introspection=True, plans=plans)
    calls = Calls()
    for _ in range(2):
        calls.count = 0
        async with store.unit_of_work() as work:
            operation = operations.prepare(FEED)
            context: Any = Context(work, None, CLIENT)  # type: ignore[arg-type] # which no read needs
            sys.setprofile(calls)
            result = await operation.execute(context)
            sys.setprofile(None)
    assert result.errors is None
    return calls.count, result.data


async def test_a_plan_does_a_fraction_of_the_work(store: Store, given: Given) -> None:
    """The ratio is that of calls, which is the same on every machine and at every hour."""
    ada = await given.a_user()
    for number in range(POSTS):
        post = await given.a_post(by=ada, title=f"{number}", tags=["a", "b"])
        for _ in range(REPLIES):
            await given.a_comment(on=post, by=ada)

    planned, data = await calls_of(store, plans=True)
    by_core, same = await calls_of(store, plans=False)

    assert data == same
    assert by_core / planned >= LEAST_RATIO, (by_core, planned)
