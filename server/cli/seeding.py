"""Seeding, with something to watch."""

from __future__ import annotations

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from persistence import Database
from server import demo
from server.cli.console import out
from server.passwords import Argon2Passwords


async def seed_database(
    database: Database, sizes: demo.Sizes, password: str | None, *, replace: bool
) -> None:
    """Seed with a progress bar for each table, and one password for all users or none."""
    columns = TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn()
    progress = Progress(*columns, TimeElapsedColumn(), console=out)
    bars: dict[str, TaskID] = {}

    def show(table: str, loaded: int, *, total: int) -> None:
        progress.start()
        if table not in bars:
            bars[table] = progress.add_task(table.replace("_", " "), total=total)
        progress.update(bars[table], completed=loaded)

    password_hash = await hash_once(password) if password else None
    try:
        await demo.seed(database, sizes, show, replace=replace, password_hash=password_hash)
    finally:
        if bars:
            progress.stop()


async def hash_once(password: str) -> str:
    """Hash a password as the server does."""
    with Argon2Passwords() as passwords:
        return await passwords.hash(password)
