"""The servers that other tests make fail have to do as they are told, and leave nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.servers import (
    GroupMember,
    MariaDB,
    MissingServer,
    MySQL,
    PgBouncer,
    PostgreSQL,
    Replica,
    pgbouncers,
)
from tests.servers.database import DatabaseServer

pytestmark = pytest.mark.slow

KINDS = (PostgreSQL, MariaDB, MySQL)


async def run(url: str, statement: str) -> object:
    """Run a statement as the tests' user, who may do no more than an application's."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        result = await connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


@pytest.mark.parametrize("kind", KINDS)
async def test_server_keeps_its_data_when_it_is_stopped_and_killed(
    kind: type[DatabaseServer],
) -> None:
    """Tests of recovery look for what was committed before the server went."""
    async with kind() as server:
        await run(server.url, "CREATE TABLE kept (id INTEGER)")

        await server.stop()
        with pytest.raises((OSError, DBAPIError)):
            await run(server.url, "SELECT 1")
        await server.start()
        await server.kill()
        await server.start()

        assert await run(server.url, "SELECT count(*) FROM kept") == 0


@pytest.mark.parametrize("kind", KINDS)
async def test_frozen_server_goes_on_when_it_is_thawed(kind: type[DatabaseServer]) -> None:
    """It stands for a network that fails: connections stay, and nothing is answered."""
    async with kind() as server:
        server.freeze()

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await run(server.url, "SELECT 1")
        server.thaw()

        assert await run(server.url, "SELECT 1") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_server_leaves_nothing_behind(kind: type[DatabaseServer]) -> None:
    """A test that fails may leave its server in any state."""

    async def fail() -> tuple[DatabaseServer, int]:
        with pytest.raises(ZeroDivisionError):
            async with kind() as server:
                pid = server.pid
                server.freeze()
                raise ZeroDivisionError
        return server, pid

    server, pid = asyncio.run(fail())

    assert not Path(f"/proc/{pid}").exists()
    assert not server.directory.exists()


async def test_replica_follows_unless_it_is_paused() -> None:
    """A paused one is how tests make the lag that a busy one has."""
    async with PostgreSQL() as primary, Replica(primary) as replica:
        await run(primary.url, "CREATE TABLE followed (id INTEGER)")
        await replica.catch_up()

        await replica.pause()
        await run(primary.url, "INSERT INTO followed VALUES (1)")
        while_paused = await run(replica.url, "SELECT count(*) FROM followed")
        await replica.resume()
        await replica.catch_up()

        assert while_paused == 0
        assert await run(replica.url, "SELECT count(*) FROM followed") == 1


async def test_several_replicas_follow_one_primary() -> None:
    """Reads are spread over as many as there are, and each may go and come."""
    async with PostgreSQL() as primary, Replica(primary) as one, Replica(primary) as other:
        await one.stop()
        await run(primary.url, "CREATE TABLE followed (id INTEGER)")
        await other.catch_up()
        await one.start()
        await one.catch_up()

        assert await run(one.url, "SELECT count(*) FROM followed") == 0
        assert await run(other.url, "SELECT count(*) FROM followed") == 0


async def test_every_pgbouncer_lends_a_connection_for_one_transaction() -> None:
    """In this mode a client's next transaction may be on another connection than its last."""
    async with PostgreSQL() as server:
        for program in pgbouncers():
            async with PgBouncer(server, "default_pool_size = 1", program=program) as pooler:
                engine = create_async_engine(
                    pooler.url, connect_args={"statement_cache_size": 0}, poolclass=NullPool
                )
                async with engine.connect() as one, engine.connect() as other:
                    backend = text("SELECT pg_backend_pid(), current_user")
                    seen = (await one.execute(backend)).one()
                    await one.commit()

                    assert (await other.execute(backend)).one() == seen
                    assert seen.current_user == "inkwell"


async def test_mysql_lets_in_who_knows_the_password_over_plain_tcp() -> None:
    """Its default way to log in encrypts the password by a key of its own, unless it remembers."""
    async with MySQL() as server:
        await server.sql("FLUSH PRIVILEGES")  # and with them, who has logged in before

        [(plugin,)] = await server.sql("SELECT plugin FROM mysql.user WHERE user = 'inkwell'")
        assert plugin == "caching_sha2_password"
        assert await run(server.url, "SELECT 1") == 1
        with pytest.raises(DBAPIError, match="Access denied"):
            await run(server.url.replace(":inkwell@", ":wrong@"), "SELECT 1")


async def test_members_of_a_group_conflict_when_they_commit() -> None:
    """Each member lets the write pass at first, and the group takes back all but one of them."""
    async with GroupMember() as one, GroupMember(joins=one) as other:
        await run(one.url, "CREATE TABLE contested (id INTEGER PRIMARY KEY, value INTEGER)")
        await run(one.url, "INSERT INTO contested VALUES (1, 0)")
        await other.catch_up()
        both_wrote = asyncio.Barrier(2)

        async def write(member: GroupMember, value: int) -> int | DBAPIError:
            engine = create_async_engine(member.url, poolclass=NullPool)
            try:
                async with engine.begin() as connection:
                    await connection.execute(text("UPDATE contested SET value = :v"), {"v": value})
                    await both_wrote.wait()
            except DBAPIError as error:
                return error
            return value

        outcomes = await asyncio.gather(write(one, 1), write(other, 2))

        [lost] = [each for each in outcomes if isinstance(each, DBAPIError)]
        [won] = [each for each in outcomes if isinstance(each, int)]
        assert lost.orig
        assert lost.orig.args[0] in {1180, 3101}
        await other.catch_up()
        assert await run(other.url, "SELECT value FROM contested") == won


def test_missing_server_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs the tests elsewhere should not have to read their code."""
    monkeypatch.setenv("PATH", "")

    with pytest.raises(MissingServer, match=r"apt-get install mariadb"):
        MariaDB()
