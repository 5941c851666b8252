"""Questions that differ in values are one statement, which the driver has prepared."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

import pytest

import domain
from persistence import Database, EngineOptions
from tests.factories import NOON, Given
from tests.persistence.plans.meters import sent_by

NEWEST = domain.Order(domain.PostOrderField.CREATED_AT, descending=True)
POSTS = domain.PostFilter()
PAGE = domain.PageRequest(size=3, order=NEWEST, filter=POSTS)
ADA, BOB = (domain.SignedIn(domain.UserId(n), domain.Role.MEMBER) for n in (1, 2))

Read: TypeAlias = Callable[[domain.UnitOfWork], Awaitable[object]]


def after(n: int) -> domain.PageRequest[Any]:
    """Ask for what comes after one moment or another."""
    return replace(PAGE, after=domain.Cursor(NOON + timedelta(n), n))


def about(**values: Any) -> domain.PageRequest[Any]:
    return replace(PAGE, filter=replace(POSTS, **values))


def page(request: domain.PageRequest[Any]) -> Read:
    return lambda work: work.posts.page(request)


def users(count: int) -> Read:
    return lambda work: work.users.get_many([domain.UserId(n) for n in range(count)])


async def texts(database: Database, reads: Sequence[tuple[domain.Viewer, Read]]) -> list[str]:
    """What the driver is sent by requests of their own."""
    async with sent_by(database) as sent:
        for viewer, read in reads:
            async with database.unit_of_work(viewer) as work:
                await read(work)
    return [each.statement for each in sent]


@pytest.mark.parametrize(
    "reads",
    [
        [(None, lambda work: work.posts.get_many([1])), (None, lambda work: work.posts.find(2))],
        [(ADA, lambda work: work.posts.page(PAGE)), (BOB, lambda work: work.posts.page(PAGE))],
        [(None, lambda work, n=n: work.posts.page(replace(PAGE, size=n))) for n in (1, 50)],
        [(None, lambda work, n=n: work.posts.page(after(n))) for n in (1, 2)],
        [(ADA, lambda work, n=n: work.posts.page(about(author_id=n))) for n in (5, 6)],
        [(ADA, lambda work, n=n: work.posts.page(about(tag=n))) for n in ("a", "b")],
        [(None, lambda work, n=n: work.posts.pages_by_author([n], PAGE)) for n in (1, 2)],
        [
            (None, lambda work, keys=keys: work.posts.pages_by_author(keys, PAGE))
            for keys in ([1, 2, 3], [4, 5, 6, 7])
        ],
        [(None, lambda work, n=n: work.sessions.find_by_token(n, at=NOON)) for n in ("a", "b")],
    ],
    ids=["keys", "viewers", "sizes", "cursors", "filters", "tags", "parent", "parents", "tokens"],
)
async def test_other_values_are_the_same_statement(
    database: Database, reads: Sequence[tuple[domain.Viewer, Read]]
) -> None:
    """A statement that is built anew costs more than it takes to run."""
    sent = await texts(database, reads)

    assert len(sent) == 2
    assert len({*sent}) == 1, sent


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PAGE, replace(PAGE, backward=True)),
        (PAGE, replace(PAGE, order=replace(NEWEST, descending=False))),
        (after(1), replace(after(1), inclusive=True)),
        (after(1), replace(PAGE, before=after(1).after)),
        (about(author_id=ADA.id), about(author_id=BOB.id)),
        (about(tag="a"), about(author_id=7)),
    ],
)
async def test_what_the_statement_depends_on_is_told_apart(
    database: Database, one: domain.PageRequest[Any], other: domain.PageRequest[Any]
) -> None:
    """One that answers another question would show what was not asked for, or hide it."""
    sent = await texts(database, [(ADA, page(one)), (ADA, page(other))])

    assert len({*sent}) == 2, sent


@pytest.mark.backends("sqlite", "mysql", "mariadb")
async def test_lists_of_keys_have_few_lengths(database: Database) -> None:
    """Each is a text that is built and kept; on PostgreSQL they are one parameter."""
    sent = await texts(database, [(None, users(n)) for n in range(1, 101)])

    assert len({*sent}) == len([1, 2, 4, 8, 16, 32, 64, 128])


async def test_statements_are_logged_to_whoever_wants_them(
    database: Database, database_url: str, given: Given, caplog: pytest.LogCaptureFixture
) -> None:
    """`DB_ECHO` shows what is sent, with its values, as it does with SQLAlchemy's own."""
    ada = await given.a_user()

    with caplog.at_level(logging.INFO, "sqlalchemy.engine.Engine"):
        async with (
            Database.connect(database_url, EngineOptions(echo=True)) as loud,
            loud.unit_of_work() as work,
        ):
            await work.users.get(ada.id)

    said = [record.getMessage() for record in caplog.records]
    assert any("FROM users" in line for line in said), said
    assert any(str(ada.id) in line for line in said), said
