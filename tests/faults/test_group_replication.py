"""Servers on different members of a MySQL group, each of which takes writes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import pytest
from sqlalchemy import make_url, text

import domain
from persistence import Database, EngineOptions
from tests.conftest import create_tables, forget_everything
from tests.factories import NOON, Given, global_id
from tests.faults.instances import an_instance
from tests.servers import GroupMember

pytestmark = pytest.mark.slow

OPTIONS = EngineOptions(statement_timeout_seconds=5)
AT_COMMIT = {"1180", "3101"}
COMMENT = """mutation ($on: ID!, $body: String!) { addComment(input: {postId: $on, body: $body}) {
  ... on AddCommentPayload { comment { body } } } }"""


class Members(NamedTuple):
    one: GroupMember
    other: GroupMember

    async def agree(self) -> None:
        """Wait until each shows what the other has committed so far."""
        for member, source in ((self.one, self.other), (self.other, self.one)):
            [(committed,)] = await source.sql("SELECT @@global.gtid_executed")
            await member.sql(f"SELECT WAIT_FOR_EXECUTED_GTID_SET('{committed}', 30)")


class Databases(NamedTuple):
    one: Database
    other: Database


@pytest.fixture(scope="module")
def members() -> Generator[Members]:
    """A group of two."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def start() -> Members:
            one = await stack.enter_async_context(GroupMember())
            other = await stack.enter_async_context(GroupMember(joins=one))
            await create_tables(make_url(one.url))
            return Members(one, other)

        yield runner.run(start())
        runner.run(stack.aclose())


@pytest.fixture
async def databases(members: Members) -> AsyncGenerator[Databases]:
    """What two servers hold, each on its member: nothing, at first."""
    async with (
        Database.connect(members.one.url, OPTIONS) as one,
        Database.connect(members.other.url, OPTIONS) as other,
    ):
        async with one.writing() as connection:
            await forget_everything(connection)
        await members.agree()
        yield Databases(one, other)


@pytest.fixture
def store(databases: Databases) -> Database:
    """Where a test's entities are written first."""
    return databases.one


async def append(database: Database, post_id: domain.PostId, words: str) -> int:
    """Write at the end of a post, and count the attempts that it took."""
    attempts = 0
    async with database.unit_of_work() as work:

        async def write() -> None:
            nonlocal attempts
            attempts += 1
            post = await work.posts.get_for_update(post_id)
            await work.posts.update(post.edit(body=post.body + words, at=NOON))

        await work.transaction(write)
    return attempts


async def test_conflicts_at_commit_are_run_anew_and_nothing_is_lost_or_doubled(
    members: Members, databases: Databases, given: Given, caplog: pytest.LogCaptureFixture
) -> None:
    """No lock of one member's holds on the other, so they find out when they commit."""
    caplog.set_level(logging.INFO, "inkwell.persistence")
    post = await given.a_post(by=await given.a_user(), body="begun")
    await members.agree()

    async def keep_writing(database: Database, name: str) -> list[str]:
        written = []
        for n in range(40):
            try:
                await append(database, post.id, f" {name}{n}")
                written.append(f"{name}{n}")
            except domain.Busy:  # four times in a row
                continue
        return written

    written = await asyncio.gather(*map(keep_writing, databases, ("ada", "bob")))
    await members.agree()

    lost = [record.message for record in caplog.records if "taken back" in record.message]
    assert any(number in message for message in lost for number in AT_COMMIT)
    assert sum(map(len, written)) > 70
    for database in databases:
        async with database.unit_of_work() as work:
            kept = await work.posts.get(post.id)
        assert sorted(kept.body.split()) == sorted(["begun", *written[0], *written[1]])
        assert kept.version == post.version + sum(map(len, written))


async def test_keys_and_slugs_of_both_members_differ(
    members: Members, databases: Databases, given: Given
) -> None:
    """Each makes keys that the other leaves out, and of two who take a slug one takes another."""
    ada = await given.a_user()
    await members.agree()

    async def create(n: int) -> domain.Post:
        new = domain.NewPost.write(
            author_id=ada.id, title="The same", body="Body.", tags=["same"], publish=True, at=NOON
        )
        async with databases[n % 2].unit_of_work() as work:
            return await work.transaction(lambda: work.posts.create(new))

    created = [post for n in range(20) for post in await asyncio.gather(create(n), create(n + 1))]
    await members.agree()

    keys = {post.id for post in created}
    assert len(keys) == len({post.slug for post in created}) == 40
    for database in databases:
        async with database.unit_of_work() as work:
            assert (await work.posts.get_many([*keys])).keys() == keys


async def test_a_transaction_that_another_member_takes_back_leaves_no_half(
    members: Members, databases: Databases, given: Given
) -> None:
    """After a lock is gone, a savepoint would begin a new transaction without a word."""
    ada = await given.a_user()
    post = await given.a_post(by=ada, body="begun")
    await members.agree()
    attempts = 0

    async with databases.one.unit_of_work() as work:

        async def write() -> None:
            nonlocal attempts
            attempts += 1
            found = await work.posts.get_for_update(post.id)
            reply = domain.NewComment.reply(found, author_id=ada.id, body="Kept?", at=NOON)
            await work.comments.create(reply)
            if attempts == 1:
                await append(databases.other, post.id, " elsewhere")
                await members.agree()
            await work.posts.update(found.edit(title="Another title", at=NOON))

        await work.transaction(write)

    await members.agree()
    assert attempts == 2
    for database in databases:
        async with database.reading() as connection:
            comments = text("SELECT body FROM comments")
            assert [*(await connection.scalars(comments)).all()] == ["Kept?"]
        async with database.unit_of_work() as work:
            kept = await work.posts.get(post.id)
        assert (kept.title, kept.body) == ("Another title", "begun elsewhere")


async def test_deleting_on_one_member_and_replying_on_the_other_leaves_no_orphans(
    members: Members, databases: Databases, given: Given
) -> None:
    """What a foreign key deletes is part of what members compare."""
    ada = await given.a_user()
    outcomes = []

    for _ in range(15):
        post = await given.a_post(by=ada)
        await members.agree()
        reply = domain.NewComment.reply(post, author_id=ada.id, body="Late?", at=NOON)
        async with databases.one.unit_of_work() as one, databases.other.unit_of_work() as other:
            deleting = one.transaction(partial(one.posts.delete, post.id))
            replying = other.transaction(partial(other.comments.create, reply))
            outcomes.append(await asyncio.gather(deleting, replying, return_exceptions=True))
    await members.agree()

    assert all(deleted is None for deleted, _ in outcomes)
    assert {type(replied) for _, replied in outcomes} <= {domain.Comment, domain.NotFound}
    for member in members:
        assert await member.sql("SELECT count(*) FROM inkwell.comments") == [(0,)]


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_a_member_goes_and_the_others_take_its_writes(
    members: Members, databases: Databases, given: Given, how: str
) -> None:
    """A third one keeps the majority when one crashes; who leaves in order needs none."""
    ada, token = await given.a_user(), domain.new_token()
    await given.a_session(of=ada, token=token, at=datetime.now(UTC))
    on = global_id("Post", (await given.a_post(by=ada)).id)

    async with GroupMember(joins=members.one) as third, an_instance(members.one.url) as instance:
        assert (await instance.ask(COMMENT, token, on=on, body="Before.")).data
        await (third.stop() if how == "stop" else third.kill())
        saved, refused = ["Before."], 0
        async with asyncio.timeout(40):
            while len(saved) < 6:
                body = f"After {len(saved)} {refused}."
                answer = await instance.ask(COMMENT, token, on=on, body=body)
                if "errors" in answer.body:
                    refused += 1
                else:
                    saved.append(body)

    await members.agree()
    async with databases.other.reading() as connection:
        kept = [*(await connection.scalars(text("SELECT body FROM comments"))).all()]
    assert {*saved} <= {*kept}
    assert len(kept) == len({*kept})
    assert refused <= (0 if how == "stop" else 3)
