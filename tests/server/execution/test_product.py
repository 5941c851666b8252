"""Whatever is asked of the product, plans answer as graphql-core does."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from graphql import ExecutionResult
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import make_url

import domain
from persistence import Database
from schema import schema
from schema.context import Context
from server.execution import Executor
from tests.conftest import CLIENT, SMALL_POOL, create_tables
from tests.factories import Given, signed_in
from tests.server.execution.comparing import check_same
from tests.server.execution.examples import MANY, Tried
from tests.server.execution.possible import Possible, possible_errors
from tests.server.execution.product import GRAMMAR, filled
from tests.server.execution.running import CORE_LEAVES_SOME, Executors, Operation, run

EXECUTORS = Executors(schema)
OF_THE_MOMENT = re.compile(r"\b20\d\d-(?!01-01T12:)[\dT:.-]+Z|\bAW[\w-]{16,}")
"""When something was written, and cursors, which are made of it."""

pytestmark = pytest.mark.filterwarnings(CORE_LEAVES_SOME)


@dataclass(frozen=True, slots=True)
class Twin:
    """A database, beside another that has the same rows, and somebody who is in both."""

    database: Database
    accounts: domain.Accounts
    user: domain.User

    async def run(
        self, executor: Executor, operation: Operation, *, as_user: bool
    ) -> ExecutionResult:
        """Run an operation as one request."""
        async with self.database.unit_of_work(signed_in(self.user) if as_user else None) as work:
            return await run(executor, operation, Context(work, self.accounts, CLIENT))

    async def possible(self, operation: Operation, *, as_user: bool) -> Possible:
        """Find the errors that an operation may have, and write what it writes once more."""
        async with self.database.unit_of_work(signed_in(self.user) if as_user else None) as work:
            context = Context(work, self.accounts, CLIENT)
            return await possible_errors(schema, operation, context)


Twins: TypeAlias = tuple[Twin, Twin]


@pytest.fixture
async def twins(tmp_path: Path, accounts: domain.Accounts) -> AsyncGenerator[Twins]:
    """Two databases with the same rows: what one executor writes, the other should not meet."""
    async with AsyncExitStack() as opened:

        async def twin(name: str) -> Twin:
            url = f"sqlite+aiosqlite:///{tmp_path / name}.db"
            await create_tables(make_url(url))
            database = await opened.enter_async_context(Database.connect(url, SMALL_POOL))
            return Twin(database, accounts, await filled(Given(database)))

        yield await twin("core"), await twin("plans")


@MANY
@given_any(GRAMMAR.operations(), st.booleans())
async def test_any_operation_has_the_same_answer(
    tried: Tried, twins: Twins, generated: tuple[str, dict[str, Any]], as_user: bool
) -> None:
    """In the same words, over the same rows, which both leave behind as they do."""
    text, variables = generated
    operation = EXECUTORS.prepare(text, variables, is_valid=True)

    core = await twins[0].run(EXECUTORS.core, operation, as_user=as_user)
    plans = await twins[1].run(EXECUTORS.plans, operation, as_user=as_user)

    async def possible() -> Possible:
        found = [await twin.possible(operation, as_user=as_user) for twin in twins]
        return found[0]

    tried.add(text, (variables, as_user))
    await check_same(operation, core, plans, possible, OF_THE_MOMENT)


@settings(MANY, max_examples=200)
@given_any(GRAMMAR.operations())
def test_any_operation_is_valid(generated: tuple[str, dict[str, Any]]) -> None:
    """What is not valid proves nothing; most are not validated, as that takes the longest."""
    text, variables = generated

    assert EXECUTORS.prepare(text, variables).node
