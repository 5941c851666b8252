"""A column changed without downtime, as docs/operations.md tells: `users.bio` becomes `about`.

The revisions in `versions/` follow the product's newest, and no release has them.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from persistence import Database
from tests.persistence.migrations.additions import with_additions

EXPANDED = "expand"
CONTRACTED = "contract"


def configuration(url: str) -> Config:
    """Alembic with these revisions after the product's."""
    return with_additions(url, Path(__file__).with_name("versions"), [])


def create_tables(url: str) -> None:
    """Create the tables as the first step leaves them, and nothing of Alembic's."""
    command.upgrade(configuration(url), EXPANDED)
    asyncio.run(forget_revision(url))


async def forget_revision(url: str) -> None:
    async with Database.connect(url) as database, database.writing() as connection:
        await connection.execute(text("DROP TABLE alembic_version"))
