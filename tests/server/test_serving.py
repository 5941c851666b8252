"""How many processes serve, and what becomes of one that does not."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from server import serving
from tests.databases import migrate
from tests.server.balancers import READ
from tests.server.processes import connected, deployed, is_worker
from tests.server.sockets import until
from tests.servers import MariaDB, MySQL, PgBouncer, PostgreSQL
from tests.servers.database import DatabaseServer

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
STARTUP_FAILURE = 3  # as uvicorn ends then


@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_that_can_not_start_ends_with_an_exit_code(workers: int) -> None:
    """Whoever started it has to know, and to start it again would be of no use."""
    with pytest.raises(SystemExit) as ended:
        serving.run(
            "tests.server.failing:app",
            factory=True,
            port=0,
            workers=workers,
            drain_seconds=60,
            log_config=None,
        )

    assert ended.value.code == STARTUP_FAILURE


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_server_is_ready_once_somebody_has_migrated(tmp_path: Path, workers: int) -> None:
    """Whichever of the two a deploy starts first."""
    url = f"sqlite+aiosqlite:///{tmp_path}/inkwell.db"
    settings: dict[str, Any] = {"database_url": url, "workers": workers}
    async with deployed(tmp_path, readiness=503, **settings) as server:
        unready = await server.ask("/readyz")
        await migrate(url)
        await server.until("/readyz", 200)
        async with connected(server.port) as connection:
            answer = await connection.query(READ)

    assert unready is not None and "at another revision" in unready.body["reason"]
    assert answer.body == {"data": {"posts": {"nodes": []}}}
    assert "no tables yet: python -m server migrate. The server starts" in server.log()


@pytest.mark.slow
@pytest.mark.parametrize("kind", [PostgreSQL, MariaDB, MySQL])
async def test_a_server_that_starts_before_its_database_is_ready_when_that_is(
    tmp_path: Path, kind: type[DatabaseServer]
) -> None:
    """An outage is no reason to be started again and again, at ever longer intervals."""
    async with kind() as database:
        await migrate(database.url)
        await database.stop()
        async with deployed(tmp_path, readiness=503, database_url=database.url) as server:
            alive = await server.ask("/livez")
            async with connected(server.port) as connection:
                refused = await connection.query(READ)
            await database.start()
            await server.until("/readyz", 200)
            async with connected(server.port) as connection:
                answer = await connection.query(READ)

    assert alive is not None and alive.status == 200
    assert refused.status == 503
    assert answer.body == {"data": {"posts": {"nodes": []}}}
    assert "The database does not answer: " in server.log()


@pytest.mark.slow
async def test_a_server_does_not_wait_for_a_database_that_says_nothing(tmp_path: Path) -> None:
    """Here a pooler lets it in, for whom it is silent."""
    async with PostgreSQL() as database, PgBouncer(database) as pooler:
        await migrate(database.url)
        settings: dict[str, Any] = {"database_url": pooler.url, "db_pooler": "transaction"}
        async with deployed(tmp_path, **settings):
            pass  # so that the pooler knows the database
        database.freeze()
        async with deployed(tmp_path, readiness=503, **settings) as server:
            alive = await server.ask("/livez")

    assert alive is not None and alive.status == 200
    assert ": no answer in time. The server starts all the same" in server.log()


@LINUX
async def test_a_worker_that_dies_is_replaced(url: str, tmp_path: Path) -> None:
    """The others serve meanwhile, and nobody has to be called."""
    async with deployed(tmp_path, database_url=url, workers=2) as server:
        before = await server.until_workers_are(2)
        victim = before.pop()
        os.kill(victim, signal.SIGKILL)
        after = await server.until_workers_are(2, without=victim)
        answer = await server.until("/readyz", 200)
        server.tell(signal.SIGINT)
        code = await server.exit_code()

    assert before < after and victim not in after
    assert answer is not None
    assert code == 0
    assert f"Worker {victim} died, and is replaced." in server.log()


@LINUX
async def test_workers_do_not_outlive_their_parent(url: str, tmp_path: Path) -> None:
    """They would keep the port, and nobody could tell them to stop."""
    async with deployed(tmp_path, database_url=url, workers=2, drain_seconds=0) as server:
        workers = await server.until_workers_are(2)
        server.tell(signal.SIGKILL)
        await server.exit_code()

        await until(lambda: not any(is_worker(worker) for worker in workers))
