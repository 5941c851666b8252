"""Replicas that go, or go wrong: nobody who reads notices, and they come back by themselves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from time import monotonic

import pytest
from sqlalchemy import make_url

import domain
from persistence import Database
from tests.factories import Given
from tests.faults.instances import Answer, Asked, Instance, an_instance, recorded
from tests.faults.replicas.cluster import FEED, TITLES, Servers, slow_tags, titles, until
from tests.servers import Replica

pytestmark = pytest.mark.slow


class Traffic:
    """Readers who ask without pause, and what they are answered."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.answers: list[Answer] = []
        self._by_reader: dict[int, int] = {}

    async def read(self, reader: int) -> None:
        self._by_reader[reader] = 0
        while True:
            self.answers.append(await self._instance.ask(FEED))
            self._by_reader[reader] += 1

    async def go_on(self, count: int = 20) -> list[Answer]:
        """Wait for so many more answers, of which each reader has at least one."""
        before, by_reader = len(self.answers), self._by_reader.copy()
        enough = before + count

        async def came() -> bool:
            have_all = all(self._by_reader[each] > answers for each, answers in by_reader.items())
            return have_all and len(self.answers) >= enough

        await until(came)
        return self.answers[before:]


@asynccontextmanager
async def traffic(instance: Instance, readers: int = 4) -> AsyncGenerator[Traffic]:
    """Have readers ask until the block ends."""
    traffic = Traffic(instance)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(traffic.read(each)) for each in range(readers)]
        yield traffic
        for task in tasks:
            task.cancel()


async def stop(replica: Replica) -> None:
    await replica.stop()


async def kill(replica: Replica) -> None:
    await replica.kill()


async def freeze(replica: Replica) -> None:
    replica.freeze()


async def start(replica: Replica) -> None:
    await replica.start()


async def thaw(replica: Replica) -> None:
    replica.thaw()


@pytest.mark.parametrize(("fail", "heal"), [(stop, start), (kill, start), (freeze, thaw)])
@pytest.mark.parametrize("count", [1, 2])
async def test_replicas_fail_and_come_back_and_nobody_notices(
    servers: Servers,
    instance: Instance,
    given: Given,
    caplog: pytest.LogCaptureFixture,
    count: int,
    fail: Callable[[Replica], Awaitable[None]],
    heal: Callable[[Replica], Awaitable[None]],
) -> None:
    """One of them or all: the others are read, or the primary; and no restart brings them back."""
    await given.a_post(by=await given.a_user(), title="A post")
    await servers.catch_up()
    failing = servers.replicas[:count]

    with recorded() as asked:
        async with traffic(instance) as readers:
            await readers.go_on()
            await asyncio.gather(*(fail(replica) for replica in failing))
            during = await readers.go_on(100)
            during += await readers.go_on(0)  # what was under way
            asked.clear()
            afterwards = await readers.go_on(50)
            others = asked.of(servers.primary, *servers.replicas[count:])
            await asyncio.gather(*(heal(replica) for replica in failing))
            healed_at = monotonic()
            asked.clear()
            for replica in failing:
                await until(partial(came_back, asked, replica))
            back_after_seconds = monotonic() - healed_at

    assert all(answer.data["posts"]["nodes"] for answer in readers.answers)
    assert max(answer.seconds for answer in during) < 2
    assert max(answer.seconds for answer in afterwards) < 1
    assert others
    assert back_after_seconds < 2
    assert len(warnings(caplog)) == 2 * count  # that it went, and that it came back


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What operators were told of their servers."""
    return [
        record.message
        for record in caplog.records
        if record.name == "inkwell.persistence" and record.levelno >= logging.WARNING
    ]


async def came_back(asked: Asked, replica: Replica) -> bool:
    """Tell whether a replica was read."""
    return any("FROM posts" in statement for statement in asked.of(replica))


async def reads_tags(replica: Replica) -> bool:
    """Tell whether a replica is at a statement that takes long."""
    running = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    return await replica.sql(running) == [(1,)]


async def test_a_replica_that_goes_silent_at_work_is_not_waited_for(
    servers: Servers, given: Given
) -> None:
    """No connection ends when a network fails, so a long statement looks like one that is lost."""
    await given.a_post(by=await given.a_user(), tags=["python"])

    async with (
        slow_tags(servers),
        an_instance(servers.primary.url, replicas=[servers.one.url]) as instance,
    ):
        asking = asyncio.create_task(instance.ask(FEED))
        await until(lambda: reads_tags(servers.one))
        servers.one.freeze()
        frozen_at = monotonic()
        try:
            answer = await asking
            after_seconds = monotonic() - frozen_at
        finally:
            servers.one.thaw()

    (post,) = answer.data["posts"]["nodes"]
    assert post["tags"] == [{"name": "python"}]
    assert after_seconds < 2


async def test_a_replica_that_only_takes_its_time_is_waited_for(
    servers: Servers, given: Given
) -> None:
    """To ask the primary as well would double the load when there is too much of it."""
    await given.a_post(by=await given.a_user(), tags=["python"])

    async with (
        slow_tags(servers),
        an_instance(
            servers.primary.url,
            replicas=[servers.one.url],
            db_statement_timeout_seconds=1.5,
        ) as instance,
    ):
        with recorded() as asked:
            answer = await instance.ask(FEED)

    assert answer.body["errors"][0]["extensions"]["code"] == "TIMEOUT"
    assert asked.of(servers.primary) == []


async def test_a_read_that_hinders_a_replica_is_repeated_on_the_primary(
    servers: Servers, given: Given
) -> None:
    """The replica cancels what sees rows that the primary has cleared away (40001).

    What is read afterwards is no older: it comes from the primary, too, and no other replica.
    """
    await given.a_post(by=await given.a_user(), tags=["python"])

    async with (
        slow_tags(servers),
        an_instance(servers.primary.url, replicas=[servers.one.url] * 2) as instance,
        Database.connect(servers.primary.url) as owner,
        owner.reading() as connection,
    ):
        await connection.exec_driver_sql("CREATE TABLE swept AS SELECT 1 AS id")
        with recorded() as asked:
            asking = asyncio.create_task(instance.ask(FEED))
            await until(lambda: reads_tags(servers.one))
            asked.clear()
            for statement in ("DELETE FROM swept", "VACUUM swept"):
                await connection.exec_driver_sql(statement)
            answer = await asking
            afterwards = " ".join(asked.of(servers.primary))
            of_replicas = asked.of(servers.one)
        await connection.exec_driver_sql("DROP TABLE swept")

    (post,) = answer.data["posts"]["nodes"]
    assert post["tags"] == [{"name": "python"}]
    assert answer.seconds < 2
    assert "FROM tags" in afterwards and "FROM comments" in afterwards
    assert of_replicas == []
    [(conflicts,)] = await servers.one.sql(
        "SELECT sum(confl_snapshot) FROM pg_stat_database_conflicts"
    )
    assert conflicts >= 1


@pytest.mark.parametrize("path", ["/nowhere", "/empty"])
async def test_a_replica_that_is_none_is_said_once_and_not_read(
    servers: Servers, given: Given, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """A database that is not there, or has no tables: requests go well, and the log says why."""
    await given.a_post(by=await given.a_user(), title="A post")
    if path == "/empty":
        await servers.primary.sql("DROP DATABASE IF EXISTS empty", "CREATE DATABASE empty")
    wrong = make_url(servers.primary.url).set(database=path[1:])

    async with an_instance(
        servers.primary.url, replicas=[wrong.render_as_string(hide_password=False)]
    ) as instance:
        answers = [await instance.ask(TITLES) for _ in range(20)]

    assert [titles(answer) for answer in answers] == [["A post"]] * 20
    (said,) = warnings(caplog)
    assert path in said and "does not exist" in said
    assert "inkwell:inkwell" not in said


async def test_the_public_reads_on_while_the_primary_is_away(
    servers: Servers, instance: Instance, store: Database, given: Given
) -> None:
    """Who shows a token is told to come back: whether it is good, only the primary knows."""
    ada, token = await given.a_user(), domain.new_token()
    await given.a_session(of=ada, token=token, at=datetime.now(UTC))
    await given.a_post(by=ada, title="A post")
    await servers.catch_up()
    await instance.ask(TITLES)

    await servers.primary.stop()
    public = [await instance.ask(TITLES) for _ in range(10)]
    signed_in = await instance.ask(TITLES, token)
    await servers.primary.start()

    async def is_let_in() -> bool:
        return (await instance.ask(TITLES, token)).status == 200

    await until(is_let_in, seconds=2)
    assert [titles(answer) for answer in public] == [["A post"]] * 10
    assert signed_in.status == 503
    assert max(answer.seconds for answer in (*public, signed_in)) < 2


async def test_nobody_waits_at_the_start_for_replicas_that_are_not_there(
    servers: Servers, given: Given
) -> None:
    """A server starts without them, and finds them when they come."""
    await given.a_post(by=await given.a_user(), title="A post")
    await servers.catch_up()
    await servers.one.stop()

    async with an_instance(servers.primary.url, replicas=[servers.one.url]) as instance:
        with recorded() as asked:
            without = await instance.ask(TITLES)
            await servers.one.start()

            async def is_read() -> bool:
                await instance.ask(TITLES)
                return bool(asked.of(servers.one))

            await until(is_read, seconds=2)

    assert titles(without) == ["A post"]
    assert without.seconds < 2
