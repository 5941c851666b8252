"""What the README shows is what one gets."""

from __future__ import annotations

import domain
from persistence import Database
from tests.conftest import Execute, RecordQueries
from tests.server.examples import README, examples, load_demo_data, match


async def test_the_readmes_requests_have_the_readmes_answers(
    database: Database,
    accounts: domain.Accounts,
    execute: Execute,
    record_queries: RecordQueries,
) -> None:
    """On the demo data of every database, and the query in as many statements as it claims."""
    await load_demo_data(database, accounts)
    await execute("{ posts { totalCount } }")  # a first connection asks more of the server
    query, mutation = examples(README)

    with record_queries() as queries:
        asked = await execute(query.document)
    written = await execute(mutation.document)

    assert asked.errors is None and written.errors is None
    match(query.answer, {"data": asked.data}, {})
    match(mutation.answer, {"data": written.data}, {})
    assert len(queries) == 6, queries
