"""What a read costs the server: one statement, and nothing around it."""

from __future__ import annotations

from sqlalchemy import text

from persistence import Database

READS = 20
# Both count for the session that asks, which is why the reads have to be on its connection.
QUESTIONS = "SHOW SESSION STATUS LIKE 'Questions'"
EVERYONE = None


async def questions(database: Database) -> int:
    """Count what has been asked over the one connection there is, this question included."""
    async with database.reading() as connection:
        _, count = (await connection.execute(text(QUESTIONS))).one()
        return int(count)
