"""The plans of single lookups; those of lists are in `plans/`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, text

import domain
from persistence import Database
from tests.factories import NOON, Given

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
