"""The server as it is told to stop, by real signals, while clients go on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from signal import SIGTERM
from typing import Any

import pytest

from tests.databases import migrate
from tests.server.balancers import DRAINING, GENEROUS, READ, SIGN_UP, stop_under_load
from tests.server.processes import connected, deployed

DRAIN_SECONDS = 2.0
LONG_SECONDS = 120.0  # which no test waits for
BUSY_SECONDS = 15.0  # that processes may take to end on a machine that does other things, too


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A database with its tables."""
    file = tmp_path / "inkwell.db"
    await migrate(url_of(file))
    return file


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def settings_for(file: Path, workers: int, **others: Any) -> dict[str, Any]:
    return {"database_url": url_of(file), "workers": workers, **others}


@contextmanager
def written_by_another(file: Path) -> Generator[None]:
    """Keep others from writing, as a long transaction does."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.parametrize("workers", [1, pytest.param(4, marks=pytest.mark.slow)])
async def test_no_request_fails_when_an_instance_is_told_to_stop(file: Path, workers: int) -> None:
    """As in each deploy: whoever balances the load hears of it in time, and exit code 0 after."""
    settings = settings_for(file, workers, drain_seconds=DRAIN_SECONDS, **GENEROUS)
    async with deployed(file.parent, **settings) as server:
        stop = await stop_under_load(server)

    balancer = stop.balancer
    print(f"\n{workers} workers: {stop}")  # noqa: T201 (`pytest -s` shows it)
    assert balancer.failures == []
    assert balancer.sent == balancer.answered
    assert balancer.told is not None and balancer.told.body == DRAINING
    assert stop.code == 0
    assert DRAIN_SECONDS <= stop.seconds < DRAIN_SECONDS + BUSY_SECONDS


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_second_sigterm_ends_the_draining_and_no_request(file: Path, workers: int) -> None:
    """Whoever has no time says so; what is in flight ends all the same, however long it takes."""
    settings = settings_for(
        file, workers, drain_seconds=LONG_SECONDS, db_statement_timeout_seconds=LONG_SECONDS
    )
    async with (
        deployed(file.parent, **settings) as server,
        connected(server.port) as kept,
        connected(server.port) as connection,
    ):
        with written_by_another(file):
            waiting = asyncio.create_task(connection.query(SIGN_UP, username="ada"))
            before = await kept.get("/livez")
            server.tell(SIGTERM)
            draining = await server.until("/readyz", 503)
            async with asyncio.timeout(BUSY_SECONDS):  # its worker may hear of it a little later
                while not (meanwhile := await kept.query(READ)).is_last:
                    assert meanwhile.status == 200
            server.tell(SIGTERM)
            await server.until("/readyz", None)
            assert not waiting.done()
        answer = await waiting
        code = await server.exit_code()

    assert not before.is_last
    assert draining is not None
    assert draining.body == DRAINING
    assert meanwhile.status == 200 and meanwhile.is_last
    assert answer.body == {"data": {"signUp": {"__typename": "SignUpPayload"}}}
    assert answer.is_last
    assert code == 0


@pytest.mark.parametrize("workers", [1, 2])
async def test_ctrl_c_does_not_wait_for_anybody_to_notice(file: Path, workers: int) -> None:
    """It is for whoever sits at the terminal, and the only client."""
    settings = settings_for(file, workers, drain_seconds=LONG_SECONDS)
    async with deployed(file.parent, **settings) as server:
        server.interrupt()
        async with asyncio.timeout(BUSY_SECONDS):
            code = await server.exit_code()

    assert code == 0
    assert "Traceback" not in server.log()
