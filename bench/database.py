"""The benchmark's own database on PostgreSQL: made, filled, and known again the next time."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import make_url

import domain
from bench.dataset import Table, describe, tables
from bench.errors import BenchFailed
from persistence import Database
from server import demo
from server.demo.moments import LAUNCH

DEFAULT_URL = "postgresql+asyncpg://inkwell:inkwell@127.0.0.1:5432/inkwell_bench"
WRITER = "bench_writer"
PATIENCE_SECONDS = 5
LOADING_SECONDS = 1_800

EXISTS = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
MARK = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1"
HOLDS_ANY = "SELECT EXISTS (SELECT FROM users) OR EXISTS (SELECT FROM tags)"
EMPTY = "TRUNCATE users, tags, posts, post_tags, comments, sessions RESTART IDENTITY"
SKIP_USED_KEYS = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), max(id)) FROM {0}"


async def prepare(url: str, sizes: demo.Sizes, console: Console) -> None:
    """Have a database that holds these sizes; raises `BenchFailed`."""
    await create_if_missing(url)
    migrate(url)
    await hold(url, sizes, console)


async def hold(url: str, sizes: demo.Sizes, console: Console) -> None:
    """Fill a database that has tables, unless it holds these sizes already.

    Raises `BenchFailed` if what it holds is not ours.
    """
    async with connected(url) as connection:
        name, wanted = make_url(url).database or "", describe(sizes)
        mark = await connection.fetchval(MARK, name)
        if mark == wanted:
            return
        if not mark and await connection.fetchval(HOLDS_ANY):
            raise BenchFailed(f"The database {name} holds what is not of the benchmark.")
        await fill(connection, sizes, console)
        await connection.execute(f"COMMENT ON DATABASE {quoted(name)} IS '{literal(wanted)}'")


async def create_if_missing(url: str) -> None:
    """Create the database that a URL names."""
    name = make_url(url).database or ""
    async with connected(url, database="postgres") as connection:
        if not await connection.fetchval(EXISTS, name):
            await connection.execute(f"CREATE DATABASE {quoted(name)}")


def migrate(url: str) -> None:
    """Bring the database to the newest revision, as the product does."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "server", "migrate"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchFailed(f"The database could not be migrated.\n{done.stdout}{done.stderr}")


async def fill(connection: asyncpg.Connection, sizes: demo.Sizes, console: Console) -> None:
    """Copy all rows in, or none, with a bar for each table to watch."""
    columns = TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        async with connection.transaction():
            await connection.execute(EMPTY)
            for table in tables(sizes):
                await copy(connection, table, progress)
    for table in tables(sizes):
        await connection.execute(f"VACUUM ANALYZE {table.name}")


async def copy(connection: asyncpg.Connection, table: Table, progress: Progress) -> None:
    """Fill a table, and let its next key come after those."""
    label = table.name.replace("_", " ")
    await connection.copy_records_to_table(
        table.name,
        records=progress.track(table.rows, total=table.size, description=label),
        columns=table.columns,
        timeout=LOADING_SECONDS,
    )
    if "id" in table.columns:
        await connection.execute(SKIP_USED_KEYS.format(table.name))


@contextmanager
def writer(url: str) -> Generator[str]:
    """Sign somebody in who writes drafts, and give their token.

    They are gone in the end with all they wrote. They joined before everybody else, so that no
    page of users that is read meanwhile has them, and nobody but them sees their drafts.
    """
    asyncio.run(forget_writer(url))
    token = domain.new_token()
    asyncio.run(sign_in(url, token))
    try:
        yield token
    finally:
        asyncio.run(forget_writer(url))


async def sign_in(url: str, token: str) -> None:
    """Make the writer, and a session of theirs."""
    user = domain.NewUser(
        username=WRITER,
        email=f"{WRITER}@example.com",
        display_name=WRITER,
        created_at=LAUNCH - timedelta(days=1),
    )
    async with Database.connect(url) as database, database.unit_of_work() as work:

        async def write() -> None:
            session = domain.NewSession.begin(
                (await work.users.create(user)).id,
                token=token,
                user_agent="bench",
                lifetime=timedelta(days=1),
                at=datetime.now(UTC),
            )
            await work.sessions.create(session)

        await work.transaction(write)


async def forget_writer(url: str) -> None:
    """Delete the writer, the drafts, and the room that these took in the indexes."""
    async with connected(url) as connection:
        deleted = await connection.execute("DELETE FROM users WHERE username = $1", WRITER)
        if deleted != "DELETE 0":
            await connection.execute("VACUUM ANALYZE posts")


@asynccontextmanager
async def connected(url: str, *, database: str | None = None) -> AsyncGenerator[asyncpg.Connection]:
    """Connect to the database of a URL, or another one beside it; raises `BenchFailed`."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        raise BenchFailed("The benchmark takes PostgreSQL: postgresql+asyncpg://…")
    parsed = parsed.set(drivername="postgresql", database=database or parsed.database)
    dsn = parsed.render_as_string(hide_password=False)
    try:
        connection = await asyncpg.connect(dsn, timeout=PATIENCE_SECONDS)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise BenchFailed(
            f"PostgreSQL does not let the benchmark in at {parsed.host}:{parsed.port} "
            f"({error or type(error).__name__}); `docker compose up -d postgresql` starts one."
        ) from error
    try:
        yield connection
    finally:
        await connection.close()


def quoted(name: str) -> str:
    """Write a name as SQL does."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Write a text between single quotes as SQL does."""
    return text.replace("'", "''")
