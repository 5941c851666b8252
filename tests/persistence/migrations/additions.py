"""Revisions beyond the newest, for databases of tests; and a process that applies them.

python -m tests.persistence.migrations.additions DIRECTORY migrate
"""

from __future__ import annotations

import asyncio
import os
import runpy
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic.config import Config

from persistence import migrations
from persistence.migrations import revisions

TEMPLATE = '''"""{name}."""

import time

import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = "{after}"


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
    pass
'''


def add_revision(directory: Path, name: str, upgrade: str, *, after: str | None = None) -> None:
    """Write a revision that follows another, or else the newest there is."""
    body = "\n".join(f"    {line}" for line in upgrade.strip().splitlines())
    after = after or next(iter(migrations.newest()))
    written = TEMPLATE.format(name=name, after=after, upgrade=body)
    (directory / f"{name}.py").write_text(written)


def with_additions(url: str, directory: Path, report: list[str] | None = None) -> Config:
    """Alembic on a database, with the revisions of a directory after the product's."""
    config = migrations.configuration()
    config.attributes["url"] = url
    if report is not None:
        config.attributes["report"] = report.append
    config.set_main_option("path_separator", "newline")
    locations = f"{migrations.ROOT}/migrations/versions\n{directory}"
    config.set_main_option("version_locations", locations)
    return config


@asynccontextmanager
async def a_process(url: str, directory: Path) -> AsyncGenerator[Process]:
    """Begin `python -m server migrate`, with the additions of a directory, for a block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, str(directory), "migrate"),
        cwd=migrations.ROOT,
        env={**os.environ, "DATABASE_URL": url, "MIGRATION_DATABASE_URL": url},
        stdout=PIPE,
        stderr=STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until_said(process: Process, line: str) -> None:
    """Read what a process says, up to a line."""
    assert process.stdout is not None
    await process.stdout.readuntil(f"{line}\n".encode())


if __name__ == "__main__":
    additions = with_additions("", Path(sys.argv.pop(1)))
    revisions.configuration = lambda: additions
    runpy.run_module("server", run_name="__main__")
