"""The plans of single lookups; those of lists are in `plans/`."""

from __future__ import annotations

from sqlalchemy import text

import domain
from persistence import Database
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
