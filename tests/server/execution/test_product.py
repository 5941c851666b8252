"""Whatever is asked of the product, plans answer as graphql-core does."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from shutil import copyfile
from tempfile import NamedTemporaryFile
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
from tests.schema.mutations.documents import EVERYTHING
from tests.server.execution.comparing import check_same, data_of
from tests.server.execution.examples import MANY, Tried
from tests.server.execution.possible import Possible, possible_errors
from tests.server.execution.product import READS, WRITES, filled
from tests.server.execution.running import Executors, Operation, run

EXECUTORS = Executors(schema)
LEFT = EXECUTORS.prepare(EVERYTHING)
OF_THE_MOMENT = re.compile(r"\b20\d\d-(?!01-01T12:)[\dT:.-]+Z|\bA[Q-f][\w-]{30,}")
"""When something was written, and cursors, which are made of it."""

Generated: TypeAlias = tuple[str, dict[str, Any]]

pytestmark = pytest.mark.usefixtures("core_leaves_some")


class Server:
    """Runs operations over a database, each as one request by somebody or by the public."""

    def __init__(self, database: Database, accounts: domain.Accounts) -> None:
        self._database = database
        self._accounts = accounts

    @asynccontextmanager
    async def _context(self, viewer: domain.Viewer) -> AsyncGenerator[Context]:
        async with self._database.unit_of_work(viewer) as work:
            yield Context(work, self._accounts, CLIENT)

    async def run(
        self, executor: Executor, operation: Operation, viewer: domain.Viewer
    ) -> ExecutionResult:
        """Run an operation."""
        async with self._context(viewer) as context:
            return await run(executor, operation, context)

    async def possible(self, operation: Operation, viewer: domain.Viewer) -> Possible:
        """Find the errors that an operation may have, and write what it writes."""
        async with self._context(viewer) as context:
            return await possible_errors(schema, operation, context)


@pytest.fixture
async def rows(tmp_path: Path) -> tuple[Path, domain.SignedIn]:
    """The file of a database with some rows, and somebody with a role."""
    path = tmp_path / "rows.db"
    await create_tables(make_url(url_of(path)))
    async with Database.connect(url_of(path), SMALL_POOL) as database:
        return path, signed_in(await filled(Given(database)))


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def reading(
    rows: tuple[Path, domain.SignedIn], accounts: domain.Accounts
) -> AsyncGenerator[Server]:
    """What queries are sent to."""
    async with Database.connect(url_of(rows[0]), SMALL_POOL) as database:
        yield Server(database, accounts)


@MANY
@given_any(READS.operations(), st.booleans())
async def test_any_query_has_the_same_answer(
    tried: Tried,
    rows: tuple[Path, domain.SignedIn],
    reading: Server,
    generated: Generated,
    as_user: bool,
) -> None:
    """In the same words, over the same rows."""
    viewer = rows[1] if as_user else None
    operation = EXECUTORS.prepare(*generated, is_valid=True)

    core = await reading.run(EXECUTORS.core, operation, viewer)
    plans = await reading.run(EXECUTORS.plans, operation, viewer)

    if EXECUTORS.is_planned(operation):
        tried.add(*generated)
    await check_same(operation, core, plans, partial(reading.possible, operation, viewer))


@settings(MANY, max_examples=MANY.max_examples // 30)
@given_any(WRITES.operations())
async def test_any_mutation_has_the_same_answer_and_leaves_the_same_rows(
    tried: Tried,
    rows: tuple[Path, domain.SignedIn],
    accounts: domain.Accounts,
    generated: Generated,
) -> None:
    """Each executor writes to a copy of its own of the database."""
    path, viewer = rows
    operation = EXECUTORS.prepare(*generated, is_valid=True)

    async with copy_of(path, accounts) as server:
        core = await server.run(EXECUTORS.core, operation, viewer)
        left_by_core = await server.run(EXECUTORS.core, LEFT, viewer)
        possible = partial(server.possible, operation, viewer)
        async with copy_of(path, accounts) as other:
            plans = await other.run(EXECUTORS.plans, operation, viewer)
            left_by_plans = await other.run(EXECUTORS.core, LEFT, viewer)

        if EXECUTORS.is_planned(operation):
            tried.add(*generated)
        await check_same(operation, core, plans, possible, OF_THE_MOMENT)
    assert data_of(left_by_core, OF_THE_MOMENT) == data_of(left_by_plans, OF_THE_MOMENT)


@asynccontextmanager
async def copy_of(path: Path, accounts: domain.Accounts) -> AsyncGenerator[Server]:
    """A copy of a database that may be written to."""
    with NamedTemporaryFile(suffix=".db", dir=path.parent) as copy:
        copyfile(path, copy.name)
        async with Database.connect(url_of(Path(copy.name)), SMALL_POOL) as database:
            yield Server(database, accounts)


@settings(MANY, max_examples=100)
@given_any(READS.operations() | WRITES.operations())
def test_any_operation_is_valid(generated: Generated) -> None:
    """What is not valid proves nothing; most are not validated, as that takes the longest."""
    assert EXECUTORS.prepare(*generated).node
