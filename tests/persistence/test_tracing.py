"""Statements that are kept as they are sent, and what the databases say of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from sqlalchemy import make_url

import domain
from persistence import Database, Sent, TracedUsage
from persistence.database import SqlUnitOfWork
from persistence.dialects import PROFILES
from tests.factories import NOON, PASSWORD, Given, signed_in


@pytest.fixture
def trace() -> TracedUsage:
    return TracedUsage(cause=lambda: "a test")


@pytest.fixture
async def traced(database: Database, trace: TracedUsage) -> AsyncGenerator[SqlUnitOfWork]:
    async with database.unit_of_work(usage=trace) as work:
        yield work


def new_post(by: domain.User) -> domain.NewPost:
    return domain.NewPost.write(
        author_id=by.id, title="A title", body="Body.", tags=["a"], publish=True, at=NOON
    )


async def test_what_is_sent_is_kept_in_order(
    traced: SqlUnitOfWork, trace: TracedUsage, given: Given
) -> None:
    """With rows and times: whoever looks for a slow statement finds it by them."""
    ada = await given.a_user()

    await traced.users.get_many([ada.id])
    await traced.users.count(domain.UserFilter())

    first, second = trace.sent
    assert (first.kind, first.server, first.rows, first.error) == ("read", "primary", 1, None)
    assert first.cause == "a test" and "FROM users" in first.text and first.parameters
    assert first.began_at < first.ended_at <= second.began_at < second.ended_at
    assert trace.statements == 2


async def test_a_transaction_is_told_from_what_is_in_it(database: Database, given: Given) -> None:
    """COMMIT may be what takes the time."""
    trace = TracedUsage(cause=lambda: None)
    ada = await given.a_user()

    async with database.unit_of_work(signed_in(ada), usage=trace) as work:
        post = await work.transaction(lambda: work.posts.create(new_post(ada)))
        await work.transaction(lambda: work.posts.delete(post.id))

    kinds = [each.kind for each in trace.sent]
    assert kinds[0] == kinds[-1] == "transaction" and trace.sent[-1].text == "COMMIT"
    assert [each.rows for each in trace.sent if each.text.startswith("INSERT INTO posts")] == [1]
    assert [each.rows for each in trace.sent if each.text.startswith("DELETE FROM posts")] == [1]
    assert {each.kind for each in trace.sent} == {"transaction", "read", "write"}


async def test_a_statement_that_fails_is_kept_with_its_error(
    traced: SqlUnitOfWork, trace: TracedUsage, given: Given
) -> None:
    """In the driver's words."""
    await given.a_user(username="ada")
    again = domain.NewUser.sign_up(
        username="ada", email="ada@example.org", password=PASSWORD, at=NOON
    )

    with pytest.raises(domain.AlreadyTaken):
        await traced.transaction(lambda: traced.users.create(again, None))

    (failed,) = [each for each in trace.sent if each.error is not None]
    assert failed.text.startswith("INSERT INTO users") and failed.rows == 0
    assert "username" in (failed.error or "") and failed.ended_at > failed.began_at


async def test_a_database_explains_what_it_was_sent(
    traced: SqlUnitOfWork, trace: TracedUsage, given: Given, database: Database
) -> None:
    """With the values of then, which decide about the plan."""
    post = await given.a_post(by=await given.a_user())
    await traced.posts.get_many([post.id])
    await traced.tags.get_many_by_post([post.id])

    plans = [await traced.explain(each) for each in [*trace.sent]]

    expected = {"postgresql": "actual time=", "sqlite": "SEARCH ", "mysql": "rows"}
    assert len(plans) == 2 and all("\n" in plan for plan in plans[1:])
    assert all(expected[database.engine.dialect.name] in plan for plan in plans), plans


async def test_nothing_is_explained_that_writes_or_locks(database: Database, given: Given) -> None:
    """An explanation runs the statement once more."""
    trace = TracedUsage(cause=lambda: None)
    ada = await given.a_user()
    async with database.unit_of_work(signed_in(ada), usage=trace) as work:
        post = await work.transaction(lambda: work.posts.create(new_post(ada)))
        await work.transaction(lambda: work.posts.get_for_update(post.id))
        sent = [each for each in trace.sent if not each.only_reads]

        for each in sent:
            with pytest.raises(ValueError, match="Only a SELECT without locks"):
                await work.explain(each)

    assert any(each.kind == "write" for each in sent)
    if database.engine.dialect.name != "sqlite":
        assert any(each.kind == "read" for each in sent)  # FOR UPDATE


def test_sqlite_steps_stand_below_those_they_are_part_of() -> None:
    """By the number of the step that each names."""
    rows = [(3, 0, 0, "MATERIALIZE a"), (7, 3, 0, "SCAN b"), (30, 0, 0, "SCAN a"), (9, 7, 0, "c")]

    plan = PROFILES["sqlite"].plan_of(rows)

    assert plan == "MATERIALIZE a\n  SCAN b\nSCAN a\n    c"


async def test_what_a_replica_was_sent_names_it(database_url: str, given: Given) -> None:
    """It may be the one that is slow."""
    trace = TracedUsage(cause=lambda: None)
    ada = await given.a_user()
    async with (
        Database.connect(database_url, replica_urls=[database_url]) as database,
        database.unit_of_work(usage=trace) as work,
    ):
        await work.users.get_many([ada.id])

    (sent,) = trace.sent
    url = make_url(database_url)
    where = url.host if url.port is None else f"{url.host}:{url.port}"
    assert sent.server == f"replica {where}"


@pytest.mark.parametrize(
    "text", ["SELECT 1 FOR NO KEY UPDATE", "SELECT 1\nLOCK IN SHARE MODE", "SELECT 1 FOR KEY SHARE"]
)
def test_locks_are_seen_however_they_are_written(text: str) -> None:
    """Databases have their own words for them."""
    sent = Sent(text=text, parameters=(), server="primary", cause=None, began_at=0)

    assert sent.kind == "read" and not sent.only_reads
