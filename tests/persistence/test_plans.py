"""The plans of single lookups; those of lists are in `plans/`."""

from __future__ import annotations

import pytest
from sqlalchemy import Integer, text

import domain
from persistence import Database, EngineOptions
from tests.factories import NOON, Given
from tests.persistence.plans.meters import sent_by

TOKEN = domain.new_token()
OTHERS = 40
EXPLAIN = {
    "sqlite": ["EXPLAIN QUERY PLAN"],
    # A small table is read as a whole, and by any index while nothing is known of it.
    "postgresql": ["ANALYZE sessions", "SET LOCAL enable_seqscan = off", "EXPLAIN"],
    "mysql": ["EXPLAIN FORMAT=TRADITIONAL"],
}
INDEX_ON_TOKENS = {
    "sqlite": "sqlite_autoindex_sessions_1 (token_digest=?)",
    "postgresql": "Index Scan using uq_sessions_token_digest",
    "mysql": "uq_sessions_token_digest",
}


async def test_a_token_is_looked_up_in_an_index(
    database: Database, work: domain.UnitOfWork, given: Given
) -> None:
    """Every authenticated request does, however many are signed in."""
    user = await given.a_user()
    await given.a_session(of=user, token=TOKEN)
    for _ in range(OTHERS):
        await given.a_session(of=user)

    async with sent_by(database) as sent:
        await work.sessions.find_by_token(domain.digest_of(TOKEN), at=NOON)

    (lookup,) = sent
    *settings, explain = EXPLAIN[database.engine.dialect.name]
    async with database.writing() as connection:
        for setting in settings:
            await connection.execute(text(setting))
        plan = (
            await connection.exec_driver_sql(f"{explain} {lookup.statement}", lookup.parameters)
        ).all()
    assert INDEX_ON_TOKENS[database.engine.dialect.name] in str(plan)


@pytest.mark.backends("postgresql")
async def test_no_statement_is_planned_for_any_values(database_url: str) -> None:
    """After five plans PostgreSQL may keep one that does not know the LIMIT, and sorts all of it.

    What is measured in `plans/` are plans for the values that there are.
    """
    order = domain.Order(domain.PostOrderField.CREATED_AT, descending=True)
    request = domain.PageRequest(size=3, order=order, filter=domain.PostFilter())
    options = EngineOptions(pool_size=1, max_overflow=0, statement_timeout_seconds=5)

    async with Database.connect(database_url, options) as database:
        for n in range(20):
            async with database.unit_of_work() as work:
                authors = [domain.UserId(n + m) for m in range(1 + n)]
                await work.posts.pages_by_author(authors, request)
                await work.posts.page(request)
        async with database.reading() as connection:
            kept = text("SELECT custom_plans, generic_plans FROM pg_prepared_statements")
            ours = kept.columns(custom_plans=Integer, generic_plans=Integer)
            plans = [plan for plan in await connection.execute(ours) if sum(plan) > 10]

    assert [generic for _, generic in plans] == [0, 0]
