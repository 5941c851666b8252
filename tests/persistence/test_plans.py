"""What a page reads is what it shows, wherever in the list it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, text

import domain
from persistence import Database, EngineOptions
from server import demo
from tests.factories import NOON, Given

ONE_CONNECTION = EngineOptions(pool_size=1, max_overflow=0)
MEMBER = domain.SignedIn(domain.UserId(4), domain.Role.MEMBER)
EVERYTHING = domain.PostFilter()
BY_AUTHOR = domain.PostFilter(author_id=MEMBER.id)
TOKEN = domain.new_token()
EXPLAIN = {
    "sqlite": ["EXPLAIN QUERY PLAN"],
    "postgresql": ["SET LOCAL enable_seqscan = off", "EXPLAIN"],  # which a small table is read by
    "mysql": ["EXPLAIN FORMAT=TRADITIONAL"],
}
INDEX_ON_TOKENS = {
    "sqlite": "sqlite_autoindex_sessions_1 (token_digest=?)",
    "postgresql": "Index Scan using uq_sessions_token_digest",
    "mysql": "uq_sessions_token_digest",
}


async def index_reads(database: Database) -> int:
    """How many entries of indexes the connection has read so far."""
    async with database.reading() as connection:
        status = await connection.execute(
            text("SHOW SESSION STATUS WHERE Variable_name REGEXP '^Handler_read_(key|next|prev)$'")
        )
        return sum(int(value) for _, value in status)


@pytest.mark.backends("mysql", "mariadb")
@pytest.mark.parametrize("field", domain.PostOrderField)
@pytest.mark.parametrize(
    ("viewer", "filter", "depth", "parts"),
    [
        pytest.param(None, EVERYTHING, 1_500, 1, id="public"),
        pytest.param(None, BY_AUTHOR, 100, 1, id="public-by-author"),
        pytest.param(MEMBER, EVERYTHING, 1_500, 3, id="member"),
        pytest.param(MEMBER, BY_AUTHOR, 100, 3, id="member-own"),
    ],
)
async def test_a_page_deep_in_a_list_reads_little_more_than_it_shows(
    database: Database,
    database_url: str,
    viewer: domain.Viewer,
    filter: domain.PostFilter,
    depth: int,
    parts: int,
    field: domain.PostOrderField,
) -> None:
    """MariaDB would walk to the cursor, if it were not told by which index to seek."""
    await demo.seed(database, demo.Sizes(posts=3_000, comments=0), lambda *_, total: None)
    order = domain.Order(field, descending=True)
    deep = domain.PageRequest(size=1, order=order, filter=filter, offset=depth)

    async with Database.connect(database_url, ONE_CONNECTION) as alone:
        async with alone.unit_of_work(viewer) as work:
            (post,) = (await work.posts.page(deep)).items
        before = await index_reads(alone)
        async with alone.unit_of_work(viewer) as work:
            after = order.cursor(post)
            await work.posts.page(replace(deep, size=20, offset=0, after=after))
        read = await index_reads(alone) - before

    assert read <= 3 * parts * 21


async def test_a_token_is_looked_up_in_an_index(
    database: Database, work: domain.UnitOfWork, given: Given
) -> None:
    """Every authenticated request does, however many are signed in."""
    await given.a_session(of=await given.a_user(), token=TOKEN)
    sent: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await work.sessions.find_by_token(domain.digest_of(TOKEN), at=NOON)
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)

    ((statement, parameters),) = sent
    *settings, explain = EXPLAIN[database.engine.dialect.name]
    async with database.writing() as connection:
        for setting in settings:
            await connection.execute(text(setting))
        plan = (await connection.exec_driver_sql(f"{explain} {statement}", parameters)).all()
    assert INDEX_ON_TOKENS[database.engine.dialect.name] in str(plan)
