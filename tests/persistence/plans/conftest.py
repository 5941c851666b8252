"""A library on each database, built once; and a table of what its pages read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator

import pytest
from sqlalchemy import URL

from persistence import Database, EngineOptions
from tests.conftest import create_tables
from tests.databases import Backend, new_database
from tests.persistence.plans.library import Library, build

SMALL, LARGE = Library(posts=5_000), Library(posts=100_000)
FEW = EngineOptions(pool_size=1, max_overflow=1)


@pytest.fixture(
    scope="session",
    params=[SMALL, pytest.param(LARGE, marks=pytest.mark.slow)],
    ids=lambda library: f"{library.posts}-posts",
)
def library(request: pytest.FixtureRequest) -> Library:
    """A small library in every run, and a large one where there is time for it."""
    chosen: Library = request.param
    return chosen


@pytest.fixture(scope="session")
def library_url(
    backend: Backend, library: Library, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str]:
    """A database that holds the library; nobody writes to it."""
    directory = tmp_path_factory.mktemp("library")
    with new_database(backend, directory, suffix=f"_{library.posts}") as url:
        asyncio.run(fill(url, library))
        yield url.render_as_string(hide_password=False)


async def fill(url: URL, library: Library) -> None:
    await create_tables(url)
    async with Database.connect(url.render_as_string(hide_password=False)) as database:
        await build(database, library)


@pytest.fixture
async def stocked(library_url: str) -> AsyncGenerator[Database]:
    """The database with the library in it."""
    async with Database.connect(library_url, FEW) as database:
        yield database


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> Generator[list[str]]:
    """Lines for the table of what was read, which `pytest -s` shows in the end."""
    lines: list[str] = []
    yield lines
    print(*["", *lines], sep="\n")  # noqa: T201 (the figures of docs/database.md)
