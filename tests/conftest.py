"""Fixtures: an empty store per test, in memory or on each database, and the API in front of it."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pytest
from argon2.profiles import CHEAPEST
from graphql import ExecutionResult
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncConnection

import domain
from persistence import Base, Database, EngineOptions
from schema import schema
from schema.context import Context
from server.operations import OperationLimits, Operations, Refused
from server.passwords import Argon2Passwords
from server.rate_limits import Limits, RateLimits, parse_limit
from tests.answers import as_read
from tests.databases import Backend, Survey, new_database, survey
from tests.factories import SESSION_LIFETIME, Given, Store
from tests.memory import MemoryStore
from tests.persistence.migrations import expanding
from tests.servers import MissingServer

SCHEMA = os.environ.get("TEST_SCHEMA", "models")
SURVEY = pytest.StashKey[Survey]()
SMALL_POOL = EngineOptions(pool_size=5, max_overflow=5)
MEMORY = Backend("memory", "")
NEEDS_SQL = {"prepared", "bare_database_url", "library_url"}
CLIENT = domain.Client("127.0.0.1", "tests")
GENEROUS = Limits(
    sign_in_per_login=parse_limit("1000 per minute"),
    sign_in_per_address=parse_limit("1000 per minute"),
    sign_up_per_address=parse_limit("1000 per minute"),
)

settings.register_profile(
    "local",
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
settings.register_profile("thorough", settings.get_profile("local"), max_examples=200)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")


class Queries(list[str]):
    """The SQL that was sent; a failed assertion shows it as it is written."""

    def __repr__(self) -> str:
        return "".join(f"\n{n}. {query}" for n, query in enumerate(self, 1))


class Execute(Protocol):
    """Runs one operation as a request of its own, signed in as a viewer or not."""

    async def __call__(
        self, document: str, viewer: domain.Viewer = None, **variables: Any
    ) -> ExecutionResult: ...


OPERATIONS = Operations(schema, OperationLimits(mutations=10, cost=100_000), introspection=True)


async def run(document: str, context: Context, **variables: Any) -> ExecutionResult:
    """Run an operation as the server does, or say why it is refused."""
    try:
        operation = OPERATIONS.prepare(document, variables)
    except Refused as refusal:
        return ExecutionResult(None, refusal.errors)
    result = await operation.execute(context)
    return ExecutionResult(as_read(result.data), result.errors)


RecordQueries: TypeAlias = Callable[[], AbstractContextManager[Queries]]


def pytest_configure(config: pytest.Config) -> None:
    """Ask the databases once: the workers of a distributed run are told the answers."""
    config.addinivalue_line("markers", "backends(*ids): run only on these databases")
    config.addinivalue_line("markers", "every_store: run in memory and on every database")
    config.addinivalue_line("markers", "fuzz: asks anything at all; `make fuzz` runs it")
    config.addinivalue_line("markers", "audit: needs node; `make audit` runs it")
    config.addinivalue_line("markers", "browser: needs Chromium; `make test-browser` runs it")
    config.addinivalue_line("markers", "image: needs an engine; `make test-image` runs it")
    config.addinivalue_line("markers", "slow: takes long; `make test-slow` runs it")
    if SCHEMA not in {"models", "expanded"}:
        raise pytest.UsageError(f"TEST_SCHEMA is models or expanded, and not {SCHEMA}.")
    told = getattr(config, "workerinput", None)
    if told is None:
        config.stash[SURVEY] = survey()
    else:
        config.stash[SURVEY] = Survey(tuple(Backend(*each) for each in told["backends"]), ())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker what the databases answered."""
    backends = node.config.stash[SURVEY].backends
    node.workerinput["backends"] = [astuple(backend) for backend in backends]


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what the run tests on, and what it does not."""
    found = config.stash[SURVEY]
    tested = ", ".join(str(backend) for backend in found.backends)
    return [
        f"databases: {tested}",
        f"schema: {SCHEMA}",
        *(f"not tested on {sentence}" for sentence in found.missing),
    ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many operations both executors ran, and which commands of the documentation."""
    noted = defaultdict[str, list[str]](list)
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            noted[name].append(str(value))
    if noted["operations"]:
        count = sum(map(int, noted["operations"]))
        terminalreporter.line(f"{count:,} operations were answered alike by both executors")
    if commands := sorted({*noted["command"]}):
        terminalreporter.line(
            f"{len(commands)} commands of the documentation were run; -v lists them"
        )
        if terminalreporter.config.get_verbosity() > 0:
            terminalreporter.write("".join(f"  {command}\n" for command in commands))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that needs a store on those that have something to say about it."""
    if "backend" in metafunc.fixturenames:
        stores = stores_for(metafunc)
        metafunc.parametrize("backend", stores, ids=lambda backend: backend.label, scope="session")


def stores_for(metafunc: pytest.Metafunc) -> list[Backend]:
    """Choose the store in memory, unless a test needs SQL, or says by a mark where it runs."""
    databases = [*metafunc.config.stash[SURVEY].backends]
    mark = metafunc.definition.get_closest_marker("backends")
    if mark:
        return [each for each in databases if each.id in mark.args]
    if NEEDS_SQL & {*metafunc.fixturenames}:
        return databases
    is_for_all = metafunc.definition.get_closest_marker("every_store") is not None
    return [MEMORY, *databases] if is_for_all else [MEMORY]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Skip a test whose server is not installed; on CI, only if it can't be had there."""
    error = call.excinfo and call.excinfo.value
    if isinstance(error, MissingServer) and not error.is_required():
        skipped = pytest.CallInfo.from_call(lambda: pytest.skip(str(error)), call.when)
        call.excinfo = skipped.excinfo


@pytest.fixture(scope="session")
def prepared(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Generator[URL]:
    """A database with its tables, which this process's tests share one after the other."""
    with new_database(backend, tmp_path_factory.mktemp("prepared")) as url:
        if SCHEMA == "expanded":
            expanding.create_tables(url.render_as_string(hide_password=False))
        else:
            asyncio.run(create_tables(url))
        yield url


async def create_tables(url: URL) -> None:
    async with (
        Database.connect(url.render_as_string(hide_password=False)) as database,
        database.writing() as connection,
    ):
        await connection.run_sync(Base.metadata.create_all)


@pytest.fixture
def database_url(backend: Backend, prepared: URL, tmp_path: Path) -> str:
    """Where the test's tables are: for SQLite a copy, for a server all that the process has."""
    if backend.id == "sqlite":
        copy = tmp_path / "test.db"
        shutil.copyfile(str(prepared.database), copy)
        prepared = prepared.set(database=str(copy))
    return prepared.render_as_string(hide_password=False)


@pytest.fixture
def bare_database_url(backend: Backend, tmp_path: Path) -> Generator[str]:
    """Where a database is that has no tables yet."""
    with new_database(backend, tmp_path, suffix="_bare") as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
async def database(backend: Backend, database_url: str) -> AsyncGenerator[Database]:
    """An empty database, once per backend of the run."""
    async with Database.connect(database_url, SMALL_POOL) as database:
        if backend.id != "sqlite":
            async with database.writing() as connection:
                await forget_everything(connection)
        yield database


async def forget_everything(connection: AsyncConnection) -> None:
    """Delete every row; keys go on counting, so no test may expect the first to be 1."""
    for table in reversed(Base.metadata.sorted_tables):
        await connection.execute(table.delete())


@pytest.fixture
def store(backend: Backend, request: pytest.FixtureRequest) -> Store:
    """An empty store; where a test takes `database` as well, it is that."""
    if backend == MEMORY:
        return MemoryStore()
    database: Database = request.getfixturevalue("database")
    return database


@pytest.fixture
async def work(store: Store) -> AsyncGenerator[domain.UnitOfWork]:
    """The unit of work of one request by the public."""
    async with store.unit_of_work() as work:
        yield work


@pytest.fixture
def given(store: Store) -> Given:
    """What the store holds before the test acts."""
    return Given(store)


@pytest.fixture
def accounts() -> Generator[domain.Accounts]:
    """Accounts as the server has them, but for passwords that are hashed cheaply."""
    with Argon2Passwords(CHEAPEST) as passwords:
        yield domain.Accounts(
            passwords=passwords, limits=RateLimits(GENEROUS), session_lifetime=SESSION_LIFETIME
        )


@pytest.fixture
def execute(store: Store, accounts: domain.Accounts) -> Execute:
    """Run one operation as a request of its own."""

    async def execute(
        document: str, viewer: domain.Viewer = None, **variables: Any
    ) -> ExecutionResult:
        async with store.unit_of_work(viewer) as work:
            context = Context(work, accounts, CLIENT)
            return await run(document, context, **variables)

    return execute


@pytest.fixture
def record_queries(database: Database) -> RecordQueries:
    """Collect the SQL sent while a block runs, but for what begins and ends a transaction."""

    @contextmanager
    def record_queries() -> Generator[Queries]:
        queries = Queries()

        def record(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if not statement.startswith("BEGIN") and statement not in {"COMMIT", "ROLLBACK"}:
                queries.append(statement)

        engine = database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", record)
        try:
            yield queries
        finally:
            event.remove(engine, "before_cursor_execute", record)

    return record_queries
