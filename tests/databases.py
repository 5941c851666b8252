"""The databases a run tests on: which ones answer, and a new one on each for every process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from asyncpg import PostgresError
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from persistence import migrations

SQLITE_URL = "sqlite+aiosqlite:///{tmp}/test.db"
COMPOSE_URLS = (
    "postgresql+asyncpg://inkwell:inkwell@127.0.0.1:5432/inkwell_test",
    "mysql+aiomysql://inkwell:inkwell@127.0.0.1:3306/inkwell_test",
)
NAMES = {
    "memory": "memory",
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
}
VERSION_PARTS = {"postgresql": 1, "mysql": 2, "mariadb": 2}  # that tell one release from another
ANSWER_TIMEOUT_SECONDS = 1


async def migrate(url: str) -> None:
    """Bring a database to the newest revision."""
    await asyncio.to_thread(migrations.upgrade, url, lambda line: None)


@dataclass(frozen=True, slots=True)
class Backend:
    """One database that the run tests on: what it really is, and where."""

    id: str
    url: str
    version: str = ""

    @property
    def label(self) -> str:
        """Tell it from others of its kind, as in "postgresql-15"."""
        return f"{self.id}-{self.version}" if self.version else self.id

    @property
    def name(self) -> str:
        """Name it to people, as in "PostgreSQL 15"."""
        return f"{NAMES[self.id]} {self.version}".rstrip()

    def __str__(self) -> str:
        """Name it for the report, as in "PostgreSQL 15 at 127.0.0.1:5432"."""
        url = make_url(self.url)
        return f"{self.name} at {url.host}:{url.port}" if url.host else self.name


@dataclass(frozen=True, slots=True)
class Survey:
    """What the run tests on, and a sentence about each database that did not answer."""

    backends: tuple[Backend, ...]
    missing: tuple[str, ...]


def survey() -> Survey:
    """Ask SQLite, and the databases of `TEST_DATABASE_URLS` or else those of compose.yaml.

    Raises `pytest.UsageError` for one that does not answer and was asked for by
    name, or on CI, where fewer databases would be a test that nobody misses.
    """
    named = os.environ.get("TEST_DATABASE_URLS")
    found = asyncio.run(ask_all([SQLITE_URL, *(named.split(",") if named else COMPOSE_URLS)]))
    if found.missing and (named or os.environ.get("CI") == "true"):
        raise pytest.UsageError(*found.missing)
    return found


async def ask_all(urls: Iterable[str]) -> Survey:
    """Ask each, at once."""
    answers = await asyncio.gather(*(ask(url.strip()) for url in urls))
    return Survey(
        tuple(answer for answer in answers if isinstance(answer, Backend)),
        tuple(answer for answer in answers if isinstance(answer, str)),
    )


async def ask(url: str) -> Backend | str:
    """Tell what answers at a URL, or why nothing does."""
    parsed = make_url(url)
    name = NAMES[parsed.get_backend_name()]
    start = f"`docker compose up -d {parsed.get_backend_name()}` starts it"
    where = f"{parsed.host}:{parsed.port}"
    try:
        if parsed.get_backend_name() == "sqlite":
            return Backend("sqlite", url)
        async with asyncio.timeout(ANSWER_TIMEOUT_SECONDS):
            return await server_at(parsed)
    except TimeoutError:
        return f"{name}: no answer at {where}; {start}."
    except OSError as error:
        return f"{name}: no answer at {where}; {start} ({error})."
    except (SQLAlchemyError, PostgresError) as error:
        return f"{name}: no login at {where}: {str(error).splitlines()[0]}"


async def server_at(url: URL) -> Backend:
    """Log in, and tell MariaDB from MySQL, and one version from another."""
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.close()
    async with server_engine(url).connect() as connection:
        await connection.execute(text("SELECT 1"))
        dialect = connection.dialect
        parts = getattr(dialect, "server_version_info", ())[: VERSION_PARTS[dialect.name]]
        return Backend(
            "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name,
            url.render_as_string(hide_password=False),
            ".".join(map(str, parts)),
        )


@contextmanager
def new_database(backend: Backend, directory: Path, suffix: str = "") -> Generator[URL]:
    """A database without tables that no other process uses; dropped in the end."""
    url = make_url(backend.url.replace("{tmp}", str(directory)))
    if backend.id == "sqlite":
        yield url
        return
    url = url.set(database=f"{url.database}_{os.getpid()}{suffix}")
    asyncio.run(create(url))
    try:
        yield url
    finally:
        asyncio.run(drop(url))


async def create(url: URL) -> None:
    """Create a database, in place of one that a broken run may have left."""
    await drop(url)
    async with server_engine(url).connect() as connection:
        name = connection.dialect.identifier_preparer.quote(url.database or "")
        await connection.execute(text(f"CREATE DATABASE {name}"))
        if url.get_backend_name() == "postgresql":  # a test need not survive a power cut
            await connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))


async def drop(url: URL) -> None:
    async with server_engine(url).connect() as connection:
        name = connection.dialect.identifier_preparer.quote(url.database or "")
        if url.get_backend_name() == "postgresql":
            await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        else:
            await connection.execute(text("SET sql_notes = 0"))  # no warning if there is none
            await connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))


def server_engine(url: URL) -> AsyncEngine:
    """An engine on the server that a database is or will be on."""
    maintenance = "postgres" if url.get_backend_name() == "postgresql" else ""
    return create_async_engine(
        url.set(database=maintenance), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
