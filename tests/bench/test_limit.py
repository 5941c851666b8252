"""The limit server beside Inkwell, in front of the benchmark's own rows."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Generator

import asyncpg
import orjson
import pytest
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import make_url
from starlette.testclient import TestClient

from bench.database import EMPTY, connected, create_if_missing, hold, writer
from bench.errors import BenchFailed
from bench.limit.app import Limit
from bench.workloads import UNIQUE, WORKLOADS, Workload
from server import demo
from server.app import create_app
from server.settings import Settings

SIZES = demo.Sizes(users=130, posts=300, comments=900, tags=8)
COMPARED = 5
LOCAL = "http://localhost"
FORGET = 'COMMENT ON DATABASE "{}" IS NULL'

pytestmark = pytest.mark.backends("postgresql")


@pytest.fixture
def filled(database_url: str) -> Generator[str]:
    """A database with few of the benchmark's rows."""
    asyncio.run(run(database_url, EMPTY, FORGET))
    asyncio.run(hold(database_url, SIZES, quiet()))
    yield database_url
    asyncio.run(run(database_url, FORGET))


async def run(url: str, *statements: str) -> None:
    async with connected(url) as connection:
        for statement in statements:
            await connection.execute(statement.format(make_url(url).database))


def quiet() -> Console:
    return Console(file=io.StringIO())


@pytest.fixture
def token(filled: str) -> Generator[str]:
    with writer(filled) as token:
        yield token


def answers(client: TestClient, workload: Workload, token: str, prefix: str) -> list[bytes]:
    """What a server answers to some requests of a kind, as far as all have to answer the same."""
    found = []
    for number, body in enumerate(workload.requests(SIZES, COMPARED)):
        sent = body.replace(UNIQUE.encode(), f"{prefix}{number:013d}".encode())
        answer = client.post(
            "/graphql",
            content=sent,
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 200 and "errors" not in answer.json(), answer.text
        found.append(workload.comparable(answer.content))
    return found


def test_the_limit_answers_the_same_bytes(filled: str, token: str) -> None:
    """A limit that did less would be none, and no multiple of it would mean anything."""
    settings = Settings(database_url=SecretStr(filled))

    with TestClient(create_app(settings), LOCAL) as inkwell, TestClient(Limit(filled)) as limit:
        for workload in WORKLOADS:
            ours = answers(inkwell, workload, token, "1")
            theirs = answers(limit, workload, token, "2")

            assert ours == theirs, workload.name
            assert all(None not in orjson.loads(each)["data"].values() for each in ours)


async def test_rows_are_copied_once(filled: str) -> None:
    """The next run begins at once; what somebody changed in between is seen to stay."""
    async with connected(filled) as connection:
        await connection.execute("DELETE FROM comments WHERE id = 1")

        await hold(filled, SIZES, quiet())

        assert await count(connection, "comments") == SIZES.comments - 1


async def test_other_sizes_are_copied_anew(filled: str) -> None:
    """Figures would be of other rows than they say."""
    fewer = demo.Sizes(users=10, posts=20, comments=30, tags=4)

    await hold(filled, fewer, quiet())

    async with connected(filled) as connection:
        assert await count(connection, "users") == 10
        assert await count(connection, "comments") == 30


async def test_what_is_not_the_benchmarks_is_left_alone(filled: str) -> None:
    """Somebody may name the database of their product."""
    await run(filled, FORGET)

    async with connected(filled) as connection:
        with pytest.raises(BenchFailed, match="not of the benchmark"):
            await hold(filled, SIZES, quiet())

        assert await count(connection, "users") == SIZES.users


async def test_a_database_is_made_where_there_is_none(bare_database_url: str) -> None:
    """All it takes is a server that lets the user do so."""
    url = make_url(bare_database_url)
    missing = url.set(database=f"{url.database}_made").render_as_string(hide_password=False)

    for _ in range(2):
        await create_if_missing(missing)

    await run(missing, "SELECT 1")
    await run(bare_database_url, f'DROP DATABASE "{make_url(missing).database}"')


def test_the_writer_leaves_nothing_behind(filled: str) -> None:
    """The next run reads what this one read."""
    with writer(filled) as token, TestClient(Limit(filled)) as limit:
        for workload in WORKLOADS:
            answers(limit, workload, token, "1")

    assert asyncio.run(counts(filled)) == (SIZES.users, SIZES.posts, 0)


async def counts(url: str) -> tuple[int, ...]:
    async with connected(url) as connection:
        return tuple([await count(connection, name) for name in ("users", "posts", "sessions")])


async def count(connection: asyncpg.Connection, table: str) -> int:
    found: int = await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 (a name of ours)
    return found
