"""What load balancers and orchestrators are told, whatever the database does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from pydantic import SecretStr
from sqlalchemy import Engine, event, text
from starlette.testclient import TestClient

from persistence import Database, readiness, servers
from server.app import create_app, opened
from server.settings import Settings
from tests.conftest import Queries
from tests.databases import migrate
from tests.faults.service import now, with_state
from tests.persistence.connections import checked_out
from tests.servers import MariaDB, PgBouncer, PostgreSQL
from tests.servers.database import DatabaseServer

READY = (200, {"status": "ok"})
DRAINING = (503, {"status": "unavailable", "reason": "draining"})
NO_ANSWER = (503, {"status": "unavailable", "reason": "the database does not answer"})
OTHER_REVISION = (503, {"status": "unavailable", "reason": "the database is at another revision"})
NOWHERE = "postgresql+asyncpg://ada:plainly-fake@127.0.0.1:1/inkwell"
QUICK_SECONDS = 1.2  # which is a second, on a machine that does other things, too
RECOVERY_SECONDS = 5.0
AT_ONCE = 20
ONE_CONNECTION: dict[str, Any] = {"db_pool_size": 1, "db_max_overflow": 0}
RETRY = "server_login_retry = 1"  # of the pooler, which by default tries every 15 seconds
KINDS = (PostgreSQL, MariaDB)


class Instance:
    """A server that is probed."""

    def __init__(self, client: AsyncClient, database: Database) -> None:
        self._client = client
        self.database = database

    async def get(self, path: str) -> Response:
        return await self._client.get(path)

    async def readyz(self) -> tuple[int, Any]:
        """Probe; who waits for more than a second has given up."""
        began = now()
        response = await self._client.get("/readyz")
        assert now() - began < QUICK_SECONDS
        return response.status_code, response.json()

    async def is_ready_soon(self) -> bool:
        """Probe until it is ready."""
        async with asyncio.timeout(RECOVERY_SECONDS):
            while True:
                if await self.readyz() == READY:
                    return True
                await asyncio.sleep(0.05)


@asynccontextmanager
async def an_instance(
    url: str, *, draining: bool = False, **settings: Any
) -> AsyncGenerator[Instance]:
    chosen = Settings(_env_file=None, database_url=SecretStr(url), **settings)
    async with opened(chosen) as state:
        app = with_state(create_app(chosen), {**state, "draining": draining})
        async with AsyncClient(transport=ASGITransport(app), base_url="http://inkwell") as client:
            yield Instance(client, state["database"])


@pytest.fixture
async def migrated_url(bare_database_url: str) -> str:
    """A database with the tables that migrations make."""
    await migrate(bare_database_url)
    return bare_database_url


@pytest.fixture
def _nothing_is_recent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it not count that the database has answered just now."""
    monkeypatch.setattr(servers, "RECENTLY_SECONDS", 0.0)


@contextmanager
def recorded() -> Generator[Queries]:
    """Collect what is sent to databases, but for what begins a transaction."""
    queries = Queries()

    def record(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        queries.append(statement)

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield queries
    finally:
        event.remove(Engine, "before_cursor_execute", record)


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if "eady" in each.getMessage()]


def test_a_process_is_alive_without_a_database() -> None:
    """To start it again would mend nothing; and nobody may take an old answer for a new one."""
    settings = Settings(_env_file=None, database_url=SecretStr(NOWHERE))

    with TestClient(create_app(settings)) as client:
        response = client.get("/livez")

    assert (response.status_code, response.json()) == READY
    assert response.headers["cache-control"] == "no-store"


async def test_an_instance_is_ready_when_the_database_is_at_the_newest_revision(
    bare_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither before its migration nor after it was taken back; nothing has to be restarted."""
    async with an_instance(bare_database_url) as instance:
        empty = [await instance.readyz() for _ in range(3)]
        await migrate(bare_database_url)
        migrated = [await instance.readyz() for _ in range(3)]
        await stamp(instance.database, "b7d5350855da")
        taken_back = [await instance.readyz() for _ in range(3)]

    assert (empty, migrated) == (3 * [OTHER_REVISION], 3 * [READY])
    assert taken_back == 3 * [OTHER_REVISION]
    assert complaints(caplog) == [
        "Not ready, the database is at another revision: none",
        "Ready again.",
        "Not ready, the database is at another revision: b7d5350855da",
    ]


async def test_another_reason_is_logged_as_well(
    migrated_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outage may end in another one, and whoever reads the log mends the last."""
    monkeypatch.setattr(readiness, "REASON_SECONDS", 0.0)
    async with an_instance(migrated_url) as instance:
        for revision in ("b7d5350855da", "b7d5350855da", "4c0e9d7a51b2"):
            await stamp(instance.database, revision)
            await instance.readyz()

    assert complaints(caplog) == [
        "Not ready, the database is at another revision: b7d5350855da",
        "Not ready, the database is at another revision: 4c0e9d7a51b2",
    ]


async def test_an_instance_goes_on_when_the_next_release_migrates(migrated_url: str) -> None:
    """Until its own instances are there; but none begins on tables that it knows nothing of."""
    async with an_instance(migrated_url) as old:
        before = await old.readyz()
        await stamp(old.database, "newer")
        after = await old.readyz()
        async with an_instance(migrated_url) as late:
            beginning = await late.readyz()

    assert (before, after, beginning) == (READY, READY, OTHER_REVISION)


async def stamp(database: Database, revision: str) -> None:
    """Have the database say that it is at a revision."""
    async with database.writing() as connection:
        statement = text("UPDATE alembic_version SET version_num = :revision")
        await connection.execute(statement, {"revision": revision})


async def test_probes_at_the_same_time_are_one_statement(migrated_url: str) -> None:
    """There may be many who probe, and they are no load."""
    async with an_instance(migrated_url) as instance:
        await instance.readyz()
        with recorded() as queries:
            answers = await asyncio.gather(*(instance.readyz() for _ in range(AT_ONCE)))
        response = await instance.get("/readyz")

    assert answers == AT_ONCE * [READY]
    assert len(queries) == 1, queries
    assert response.headers["cache-control"] == "no-store"


async def test_an_instance_that_drains_is_not_ready_and_asks_nobody(migrated_url: str) -> None:
    """It is about to stop, whatever the database says."""
    async with an_instance(migrated_url, draining=True) as instance:
        with recorded() as queries:
            answer = await instance.readyz()
            live = await instance.get("/livez")

    assert answer == DRAINING
    assert live.status_code == 200
    assert queries == []


@pytest.mark.usefixtures("_nothing_is_recent")
async def test_an_instance_that_is_busy_is_ready(migrated_url: str) -> None:
    """All of them would be left out at once otherwise, by the load that they are there for."""
    async with an_instance(migrated_url, **ONE_CONNECTION) as instance:
        await instance.readyz()
        async with instance.database.reading():
            answers = await asyncio.gather(*(instance.readyz() for _ in range(AT_ONCE)))
            again = await instance.readyz()

    assert answers == AT_ONCE * [READY]
    assert again == READY


async def test_an_instance_that_is_busy_from_the_start_is_not_ready(migrated_url: str) -> None:
    """What the tables are like is not known yet, and not to be guessed."""
    async with an_instance(migrated_url, **ONE_CONNECTION) as instance:
        async with instance.database.reading():
            before = await instance.readyz()
        assert await instance.is_ready_soon()

    assert before == NO_ANSWER


async def test_a_database_that_is_not_there_is_told_without_its_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Anybody may ask; the log says more, and once."""
    async with an_instance(NOWHERE) as instance:
        answers = [await instance.readyz() for _ in range(3)]

    assert answers == 3 * [NO_ANSWER]
    (complaint,) = complaints(caplog)
    assert "Connect call failed" in complaint and "plainly-fake" not in complaint


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_a_database_that_goes_is_told_and_one_that_comes_back_too(
    kind: type[DatabaseServer],
) -> None:
    """Nothing has to be restarted."""
    async with kind() as server:
        await migrate(server.url)
        async with an_instance(server.url) as instance:
            before = await instance.readyz()
            await server.stop()
            gone = [await instance.readyz() for _ in range(3)]
            await server.start()

            assert await instance.is_ready_soon()
    assert before == READY
    assert gone == 3 * [NO_ANSWER]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("_nothing_is_recent")
@pytest.mark.parametrize("is_busy", [False, True], ids=["idle", "busy"])
async def test_a_database_that_says_nothing_keeps_no_probe_waiting(
    kind: type[DatabaseServer], is_busy: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor do probes keep what others need: a connection at most, and for a moment."""
    async with kind() as server:
        await migrate(server.url)
        async with an_instance(server.url, **ONE_CONNECTION) as instance:
            before = await instance.readyz()
            async with lent(instance.database, is_busy=is_busy):
                server.freeze()
                silent = []
                for _ in range(3):
                    silent += await asyncio.gather(*(instance.readyz() for _ in range(AT_ONCE)))
                    assert len(asyncio.all_tasks()) < AT_ONCE
                server.thaw()
                assert await instance.is_ready_soon()
            assert checked_out(instance.database) == 0

    assert before == READY
    assert silent == len(silent) * [NO_ANSWER]
    assert [each.split(":")[0] for each in complaints(caplog)] == [
        "Not ready, the database does not answer",
        "Ready again.",
    ]


@asynccontextmanager
async def lent(database: Database, *, is_busy: bool) -> AsyncGenerator[None]:
    """Hold the one connection, if it is to be busy."""
    if not is_busy:
        yield
        return
    async with database.reading():
        yield


@pytest.mark.slow
async def test_an_instance_behind_a_pooler_is_ready() -> None:
    """Each probe is a transaction then, as each read is."""
    async with PostgreSQL() as server, PgBouncer(server, RETRY) as pooler:
        await migrate(server.url)
        async with an_instance(pooler.url, db_pooler="transaction") as instance:
            answers = [await instance.readyz() for _ in range(3)]
            await server.stop()
            gone = await instance.readyz()
            await server.start()
            assert await instance.is_ready_soon()

    assert answers == 3 * [READY]
    assert gone == NO_ANSWER


@pytest.mark.slow
@pytest.mark.usefixtures("_nothing_is_recent")
async def test_an_instance_is_ready_whose_database_has_no_room_for_another_connection() -> None:
    """To be refused is an answer, and the connections that it has are good."""
    async with PostgreSQL("--max_connections=4") as server:  # three of which are an admin's
        await migrate(server.url)
        async with an_instance(server.url, **ONE_CONNECTION) as instance:
            before = await instance.readyz()
            async with instance.database.reading():
                busy = await instance.readyz()

    assert (before, busy) == (READY, READY)


@pytest.mark.backends("postgresql")
async def test_an_instance_is_ready_that_answers_everybody_but_the_probe(
    migrated_url: str,
) -> None:
    """As when its turn does not come in time; who is served would not be served any more."""
    async with (
        an_instance(migrated_url) as instance,
        Database.connect(migrated_url) as other,
    ):
        before = await instance.readyz()
        async with other.writing() as connection:
            await connection.execute(text("LOCK TABLE alembic_version"))
            probe = asyncio.create_task(instance.readyz())
            while not probe.done():
                await instance.database.ping()
            answer = await probe

    assert (before, answer) == (READY, READY)
