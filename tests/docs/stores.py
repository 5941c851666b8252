"""What stands in a database, and what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from persistence import Base, Database
from server import demo
from tests.databases import migrate
from tests.servers import MySQL

TABLES = Base.metadata.sorted_tables
MYSQL = pytest.param(MySQL, marks=pytest.mark.slow)  # which only `make servers` gets
SMALL = demo.Sizes(users=20, posts=50, comments=100, tags=5)


async def fill(url: str, sizes: demo.Sizes = SMALL) -> None:
    """Migrate an empty database, and load demo data."""
    await migrate(url)
    async with Database.connect(url) as database:
        await demo.seed(database, sizes, lambda table, loaded, *, total: None)


@asynccontextmanager
async def a_session(
    url: str, *statements: str, name: str = "psql"
) -> AsyncGenerator[AsyncConnection]:
    """A session of somebody else's, who has run some statements, and leaves it open."""
    is_postgresql = make_url(url).get_backend_name() == "postgresql"
    arguments = {"server_settings": {"application_name": name}} if is_postgresql else {}
    engine = create_async_engine(
        url, connect_args=arguments, poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    connection = await engine.connect()
    try:
        for statement in statements:
            await connection.execute(text(statement))
        yield connection
    finally:
        with suppress(DBAPIError):  # somebody may have ended it
            await connection.close()


async def everything(url: str) -> dict[str, list[Any]]:
    """All rows of all tables."""
    async with create_async_engine(url, poolclass=NullPool).connect() as connection:
        return {
            table.name: [
                *await connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in TABLES
        }


async def ruin(url: str) -> None:
    """Do what a wrong statement on a bad day does."""
    async with a_session(url, "DELETE FROM posts", "UPDATE users SET display_name = 'x'"):
        pass


def beside(url: str) -> str:
    """Where a server's database is restored."""
    return make_url(url).set(database="inkwell_restored").render_as_string(hide_password=False)
