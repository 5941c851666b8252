"""What the README shows is what one gets."""

from __future__ import annotations

import json
import re
from pathlib import Path

from persistence import Database
from server import demo
from tests.conftest import Execute, RecordQueries

README = (Path(__file__).parents[2] / "README.md").read_text()


def shown(language: str) -> str:
    """The README's block in a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


async def test_the_readmes_query_has_the_readmes_answer(
    database: Database, execute: Execute, record_queries: RecordQueries
) -> None:
    """On the demo data of every database, in the number of statements it claims."""
    await demo.seed(database, demo.Sizes(), lambda table, loaded, *, total: None)
    await execute("{ posts { totalCount } }")  # a first connection asks more of the server

    with record_queries() as queries:
        result = await execute(shown("graphql"))

    assert {"data": result.data} == json.loads(shown("json"))
    assert len(queries) == 6, queries
