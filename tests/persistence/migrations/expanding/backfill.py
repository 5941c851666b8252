"""Fill the new column where rows were there before it, while others write."""

from __future__ import annotations

from sqlalchemy import text

from persistence import Database

LAST_OF_BATCH = text(
    "SELECT max(id) FROM (SELECT id FROM users WHERE id > :after ORDER BY id LIMIT :size) AS batch"
)
FILL = text("UPDATE users SET about = bio WHERE id > :after AND id <= :last AND about IS NULL")


async def backfill(database: Database, size: int = 1_000) -> int:
    """Copy what no trigger has, in a transaction for each batch of keys; return how many rows."""
    after, filled = 0, 0
    while True:
        async with database.writing() as connection:
            last = await connection.scalar(LAST_OF_BATCH, {"after": after, "size": size})
            if last is None:
                return filled
            done = await connection.execute(FILL, {"after": after, "last": last})
        after, filled = last, filled + done.rowcount
