"""What a request waits for: each round trip is a network's delay."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import make_url

import domain
from persistence import Database, EngineOptions, doubts
from tests.factories import Given
from tests.faults.relay import Relay, relay_to

pytestmark = pytest.mark.backends("postgresql", "mysql", "mariadb")

ONE = EngineOptions(pool_size=1, max_overflow=0, statement_timeout_seconds=5)
READS = 10


@asynccontextmanager
async def relayed(url: str) -> AsyncGenerator[tuple[Database, Relay]]:
    """Reach a database by a relay, over one connection."""
    place = make_url(url)
    async with relay_to(place.host or "", place.port or 0) as relay:
        through = place.set(host="127.0.0.1", port=relay.port)
        async with Database.connect(through.render_as_string(hide_password=False), ONE) as database:
            yield database, relay


async def read(database: Database, id: domain.UserId) -> None:
    """Read one thing, as a request of its own."""
    async with database.unit_of_work() as work:
        await work.users.get(id)


async def round_trips(url: str, id: domain.UserId) -> int:
    """Count those of some reads, over a connection that has been used."""
    async with relayed(url) as (near, relay):
        await read(near, id)
        await read(near, id)
        before = relay.round_trips
        for _ in range(READS):
            await read(near, id)
        return relay.round_trips - before


async def test_a_read_is_one_round_trip(
    database_url: str, given: Given, database: Database
) -> None:
    """No ping before it, no BEGIN, no COMMIT, and nothing set up or rolled back."""
    ada = await given.a_user()

    assert await round_trips(database_url, ada.id) == READS


async def test_a_connection_that_lay_idle_is_tried_by_one_more(
    database_url: str, given: Given, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is what being sure of every connection would cost each read."""
    monkeypatch.setattr(doubts, "PING_AFTER_IDLE_SECONDS", 0)
    ada = await given.a_user()

    assert await round_trips(database_url, ada.id) == 2 * READS


async def test_a_transaction_begins_and_commits_and_no_more(
    database_url: str, given: Given, database: Database
) -> None:
    """PostgreSQL and MySQL are told BEGIN, the statement and COMMIT, in a trip each."""
    ada = await given.a_user()

    async with relayed(database_url) as (near, relay):

        async def lock() -> None:
            async with near.unit_of_work() as work:
                await work.transaction(lambda: work.users.get_for_update(ada.id))

        await lock()
        await lock()
        before = relay.round_trips
        await lock()

        assert relay.round_trips - before == 3
