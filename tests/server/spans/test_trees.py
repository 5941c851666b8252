"""What a request's spans tell of it, on every database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import domain
from bench.workloads import FEED
from persistence import Database
from tests.factories import Given
from tests.server.spans.recording import recorded


async def a_feed(given: Given) -> None:
    ada = await given.a_user()
    for _ in range(3):
        await given.a_comment(on=await given.a_post(by=ada), by=ada)


async def test_a_feed_is_a_tree_of_loads_and_statements(
    database_url: str, database: Database, given: Given
) -> None:
    """One load for each question, however many ask it."""
    await a_feed(given)

    with recorded(database_url) as server:
        response = server.ask(FEED)

    assert "errors" not in response.json()
    print(*server.tree(), sep="\n"); print(*[dict(s.attributes) for s in server.spans if "db.query.text" in s.attributes], sep="\n"); assert 0
