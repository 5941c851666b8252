"""PgBouncer in transaction mode, which lends a connection for one transaction at a time."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import make_url, text

import domain
from persistence import Database, EngineOptions, Pooler
from tests.conftest import create_tables, forget_everything
from tests.factories import NOON, Given, global_id
from tests.faults.instances import Instance, an_instance
from tests.servers import PgBouncer, PostgreSQL, pgbouncers
from tests.servers.binaries import version_of

pytestmark = pytest.mark.slow

REQUESTS = 300
THREE = "default_pool_size = 3"
LENIENT = "ignore_startup_parameters = statement_timeout, lock_timeout"
FEED = """{ posts { nodes { title author { username } tags { name }
  comments { nodes { body author { username } } } } } }"""
COMMENT = """mutation ($on: ID!, $body: String!) { addComment(input: {postId: $on, body: $body}) {
  ... on AddCommentPayload { comment { body post { title comments { totalCount } } } } } }"""
POST = """mutation ($title: String!) {
  createPost(input: {title: $title, body: "Body.", tags: ["shared", "named"], publish: true}) {
    ... on CreatePostPayload { post { slug tags { name } } } } }"""
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", params=pgbouncers(), ids=version_of)
def pooler(request: pytest.FixtureRequest) -> Generator[PgBouncer]:
    """Each PgBouncer there is, with three connections to a PostgreSQL."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def start() -> PgBouncer:
            server = await stack.enter_async_context(PostgreSQL())
            await create_tables(make_url(server.url))
            pooler = PgBouncer(server, THREE, program=request.param)
            return await stack.enter_async_context(pooler)

        yield runner.run(start())
        runner.run(stack.aclose())


@pytest.fixture
async def store(pooler: PgBouncer) -> AsyncGenerator[Database]:
    """The database behind it, which is empty at first, without the pooler."""
    async with Database.connect(pooler.server.url) as database:
        async with database.writing() as connection:
            await forget_everything(connection)
        yield database


@pytest.fixture
async def instances(pooler: PgBouncer, store: Database) -> AsyncGenerator[list[Instance]]:
    """Two servers that share its three connections."""
    async with a_server(pooler) as one, a_server(pooler) as other:
        yield [one, other]


@asynccontextmanager
async def a_server(
    pooler: PgBouncer, mode: Pooler = Pooler.TRANSACTION, timeout_seconds: float = 5
) -> AsyncGenerator[Instance]:
    """A server whose requests wait for a connection as long as it takes."""
    async with an_instance(
        pooler.url,
        db_pooler=mode,
        db_pool_timeout_seconds=60,
        db_statement_timeout_seconds=timeout_seconds,
    ) as instance:
        yield instance


class Scene:
    """A post, and who is signed in to comment on it."""

    def __init__(self, post: domain.Post, token: str) -> None:
        self.post = post
        self.token = token

    async def ask(self, instance: Instance, n: int) -> bool:
        """Read if the number is even, and else write; tell whether it went well."""
        on = global_id("Post", self.post.id)
        answer = await (
            instance.ask(FEED, self.token)
            if n % 2 == 0
            else instance.ask(COMMENT, self.token, on=on, body=f"Comment {n}")
        )
        return answer.status == 200 and "errors" not in answer.body


@pytest.fixture
async def scene(store: Database, given: Given) -> Scene:
    """A post with a comment and tags, and its author."""
    ada, token = await given.a_user(), domain.new_token()
    await given.a_session(of=ada, token=token, at=datetime.now(UTC))
    post = await given.a_post(by=ada, tags=["one", "two"])
    await given.a_comment(on=post, by=ada, body="First.")
    return Scene(post, token)


async def kept(store: Database) -> list[str]:
    async with store.reading() as connection:
        return [*(await connection.scalars(text("SELECT body FROM comments ORDER BY id"))).all()]


async def left_open(pooler: PgBouncer) -> int:
    """Count the connections that are in a transaction, or at work."""
    [(count,)] = await pooler.server.sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = 'inkwell' AND state <> 'idle'"
        " AND backend_type = 'client backend'"
    )
    assert isinstance(count, int)
    return count


async def until_nothing_is_open(pooler: PgBouncer, *, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while await left_open(pooler):  # noqa: ASYNC110 (a server tells by no event)
            await asyncio.sleep(0.02)


async def test_three_hundred_mixed_requests_at_once_all_succeed(
    instances: list[Instance], pooler: PgBouncer, store: Database, scene: Scene
) -> None:
    """Of two servers, which know nothing of each other, over three connections."""
    went_well = await asyncio.gather(
        *(scene.ask(instances[n // 2 % 2], n) for n in range(REQUESTS))
    )

    assert sum(went_well) == REQUESTS
    written = [f"Comment {n}" for n in range(1, REQUESTS, 2)]
    assert sorted(await kept(store)) == sorted(["First.", *written])
    assert await left_open(pooler) == 0
    [(connections,)] = await pooler.server.sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = 'inkwell'"
        " AND usename = 'inkwell' AND client_port IS NOT NULL"
    )
    assert connections <= 3 + 1  # and the store's own


async def test_without_the_setting_the_same_requests_fail(pooler: PgBouncer, scene: Scene) -> None:
    """What one connection has prepared, the next one does not know, or knows as something else.

    From 1.21 on PgBouncer prepares again what it knows to be missing.
    """
    if not version_of(pooler.program).startswith("PgBouncer 1.18"):
        pytest.skip("this PgBouncer prepares again what a connection lacks")
    async with (
        PgBouncer(pooler.server, THREE, LENIENT, program=pooler.program) as lenient,
        a_server(lenient, Pooler.NONE) as one,
        a_server(lenient, Pooler.NONE) as other,
    ):
        went_well = await asyncio.gather(
            *(scene.ask((one, other)[n // 2 % 2], n) for n in range(REQUESTS))
        )

    assert sum(went_well) < REQUESTS


async def test_savepoints_and_lost_races_stay_within_their_transaction(
    instances: list[Instance], pooler: PgBouncer, store: Database, scene: Scene
) -> None:
    """Forty want the same slug and the same tags, and each gets a post of its own."""
    answers = await asyncio.gather(
        *(instances[n % 2].ask(POST, scene.token, title="The same title") for n in range(40))
    )

    posts = [answer.data["createPost"]["post"] for answer in answers]
    assert len({post["slug"] for post in posts}) == 40
    assert all(post["tags"] == [{"name": "named"}, {"name": "shared"}] for post in posts)


async def test_the_victim_of_a_deadlock_is_run_anew(pooler: PgBouncer, given: Given) -> None:
    """On whichever connection it gets for that."""
    ada = await given.a_user()
    posts = [await given.a_post(by=ada, body="begun") for _ in range(2)]
    both_hold, attempts = asyncio.Barrier(2), 0
    options = EngineOptions(pooler=Pooler.TRANSACTION)

    async with Database.connect(pooler.url, options) as database:

        async def sign(name: str, first: domain.Post, second: domain.Post) -> None:
            is_first_attempt = True
            async with database.unit_of_work() as work:

                async def write() -> None:
                    nonlocal attempts, is_first_attempt
                    attempts += 1
                    for post in (first, second):
                        found = await work.posts.get_for_update(post.id)
                        await work.posts.update(found.edit(body=f"{found.body} {name}", at=NOON))
                        if is_first_attempt:
                            is_first_attempt = False
                            await both_hold.wait()

                await work.transaction(write)

        await asyncio.gather(sign("ada", *posts), sign("bob", *reversed(posts)))
        async with database.unit_of_work() as work:
            found = await work.posts.get_many([post.id for post in posts])

    assert attempts > 2
    assert [sorted(post.body.split()) for post in found.values()] == [["ada", "begun", "bob"]] * 2


@pytest.mark.parametrize("what", ["reads", "writes"])
async def test_what_takes_too_long_is_stopped_where_it_runs(
    pooler: PgBouncer, store: Database, scene: Scene, what: str
) -> None:
    """A pooler takes no limit for a session, so each transaction brings its own."""
    slow = "USING (true) WITH CHECK (pg_sleep(30) IS NOT NULL)"
    if what == "reads":
        slow = "USING (pg_sleep(30) IS NOT NULL)"
    n = ["reads", "writes"].index(what)
    async with store.reading() as connection:
        await connection.exec_driver_sql(f"CREATE POLICY slow ON comments {slow}")
        await connection.exec_driver_sql("ALTER TABLE comments FORCE ROW LEVEL SECURITY")
        await connection.exec_driver_sql("ALTER TABLE comments ENABLE ROW LEVEL SECURITY")
    try:
        async with a_server(pooler, timeout_seconds=0.3) as instance:
            began = asyncio.get_running_loop().time()
            went_well = await scene.ask(instance, n)
            seconds = asyncio.get_running_loop().time() - began
            await until_nothing_is_open(pooler, seconds=0.5)
    finally:
        async with store.reading() as connection:
            await connection.exec_driver_sql("ALTER TABLE comments DISABLE ROW LEVEL SECURITY")
            await connection.exec_driver_sql("DROP POLICY slow ON comments")

    assert not went_well
    assert 0.3 <= seconds < 1.3
    assert await kept(store) == ["First."]


async def test_clients_that_go_away_leave_no_connection_in_a_transaction(
    instances: list[Instance], pooler: PgBouncer, store: Database, scene: Scene
) -> None:
    """One that stays in it is lost to all servers, and there are but three."""
    rng = Random(100)

    async def leave(n: int) -> None:
        asking = asyncio.create_task(scene.ask(instances[n // 2 % 2], n))
        await asyncio.wait([asking], timeout=rng.uniform(0, 0.5))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    await asyncio.gather(*(leave(n) for n in range(100)))
    await until_nothing_is_open(pooler, seconds=5)
    went_well = await asyncio.gather(
        *(scene.ask(instances[n // 2 % 2], n) for n in range(100, 120))
    )

    assert all(went_well)
    comments = await kept(store)
    assert len(comments) == len({*comments})
    assert {f"Comment {n}" for n in range(101, 120, 2)} <= {*comments}


@pytest.mark.parametrize("mode", ["transaction", "none"])
async def test_a_database_is_migrated_past_it_and_seeded_through_it(
    pooler: PgBouncer, mode: str
) -> None:
    """A migration's lock lasts as long as a session; seeding is one transaction."""
    name = f"fresh_{mode}"
    await pooler.server.sql(f"CREATE DATABASE {name} OWNER inkwell")
    url, direct = (
        make_url(each).set(database=name).render_as_string(hide_password=False)
        for each in (pooler.url, pooler.server.url)
    )
    sizes = ("--users", "20", "--posts", "50", "--comments", "100", "--tags", "10")

    refused, said = await command("migrate", DATABASE_URL=url, DB_POOLER=mode)
    locks = await pooler.server.sql("SELECT * FROM pg_locks WHERE locktype = 'advisory'")
    past = {"DATABASE_URL": url, "DB_POOLER": "transaction", "MIGRATION_DATABASE_URL": direct}
    done = [await command(*each, **past) for each in (("migrate",), ("seed", *sizes))]

    assert refused == 1 and "MIGRATION_DATABASE_URL should lead past it" in said, said
    assert not locks
    assert [code for code, _ in done] == [0, 0], done
    async with Database.connect(direct) as database, database.reading() as connection:
        counted = text("SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM comments)")
        assert (await connection.execute(counted)).one() == (50, 100)


async def command(*arguments: str, **settings: str) -> tuple[int | None, str]:
    """Run a command of the server's as an operator would; tell how it ended, and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server", *arguments),
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()
