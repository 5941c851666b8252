"""A column changed without downtime, as docs/operations.md tells: `users.bio` becomes `about`.

The revisions in `versions/` follow the product's newest, and no release has them.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from persistence import Database, migrations

EXPANDED = "expand"
CONTRACTED = "contract"


def configuration(url: str) -> Config:
    """Alembic with these revisions after the product's."""
    config = migrations.configuration()
    config.attributes.update(url=url, report=lambda line: None)
    config.set_main_option("path_separator", "newline")
    places = (migrations.ROOT / "migrations" / "versions", Path(__file__).with_name("versions"))
    config.set_main_option("version_locations", "\n".join(map(str, places)))
    return config


def create_tables(url: str) -> None:
    """Create the tables as the first step leaves them, and nothing of Alembic's."""
    command.upgrade(configuration(url), EXPANDED)
    asyncio.run(forget_revision(url))


async def forget_revision(url: str) -> None:
    async with Database.connect(url) as database, database.writing() as connection:
        await connection.execute(text("DROP TABLE alembic_version"))
