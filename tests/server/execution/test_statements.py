"""Plans ask the database no more often than graphql-core's executor does."""

from __future__ import annotations

import domain
from persistence import Database
from schema import schema
from schema.context import Context
from server.execution import Executor
from tests.conftest import CLIENT, RecordQueries
from tests.factories import Given
from tests.schema.test_statements import STATEMENTS
from tests.server.execution.running import Executors, run

EXECUTORS = Executors(schema)


async def test_both_executors_send_the_same_statements_unless_plans_send_fewer(
    database: Database, accounts: domain.Accounts, given: Given, record_queries: RecordQueries
) -> None:
    """Or what one executor saves would be lost on the way to the database.

    A plan waits with what leads to nothing else, which others may ask for as well.
    """
    for _ in range(3):
        post = await given.a_post(by=await given.a_user(), tags=[await given.a_tag()])
        await given.a_comment(on=post, by=await given.a_user())

    async def statements(executor: Executor, document: str) -> list[str]:
        async with database.unit_of_work() as work:
            with record_queries() as queries:
                context = Context(work, accounts, CLIENT)
                result = await run(executor, EXECUTORS.prepare(document), context)
        assert result.errors is None
        return sorted(queries)

    await statements(EXECUTORS.core, "{ users { nodes { id } } }")  # connecting asks more
    for document in STATEMENTS:
        by_core = await statements(EXECUTORS.core, document)
        by_plans = await statements(EXECUTORS.plans, document)
        assert by_plans == by_core or len(by_plans) < len(by_core), document
