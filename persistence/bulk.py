"""Whole tables at once, past the repositories: for seeding."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import Table, delete, exists, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence.cancellation import finish
from persistence.database import Database
from persistence.models import Base

Row: TypeAlias = Mapping[str, Any]

BATCH_SIZE = 2_000


class BulkLoad:
    """Empties and fills tables, by name, within the transaction of `bulk_load`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def is_empty(self) -> bool:
        """Tell whether no table holds a row."""
        held = (exists().select_from(table) for table in Base.metadata.sorted_tables)
        return not await self._connection.scalar(select(or_(*held)))

    async def clear(self) -> None:
        """Delete every row of every table."""
        for table in reversed(Base.metadata.sorted_tables):
            await self._connection.execute(delete(table))

    async def load(self, name: str, rows: Iterable[Row], on_batch: Callable[[int], object]) -> None:
        """Write rows that bring their keys; `on_batch` hears how many there are so far.

        Rows are drawn as they are written, so a generator of millions takes no more memory.
        """
        table = Base.metadata.tables[name]
        remaining, loaded = iter(rows), 0
        while batch := list(islice(remaining, BATCH_SIZE)):
            # asyncpg never returns from a batch that is cancelled half way: let it end first
            await finish(self._connection.execute(insert(table), batch))
            loaded += len(batch)
            on_batch(loaded)
        if self._connection.dialect.name == "postgresql":
            await self._skip_used_keys(table)
            await self._connection.exec_driver_sql(f"ANALYZE {table.name}")  # plan by what is there

    async def _skip_used_keys(self, table: Table) -> None:
        """Let the next key come after those loaded, which the other databases see to themselves.

        A sequence takes no part in the transaction. It never goes back, or a rollback would leave
        it behind the rows that come back.
        """
        if "id" in table.c:
            sequence = func.pg_get_serial_sequence(table.name, "id")
            highest = select(func.max(table.c.id)).scalar_subquery()
            key = func.greatest(highest, func.nextval(sequence))
            await self._connection.execute(select(func.setval(sequence, key)))


@asynccontextmanager
async def bulk_load(database: Database) -> AsyncGenerator[BulkLoad]:
    """Begin one transaction for it all: kept when the block ends, gone if it raises."""
    async with database.writing() as connection:
        yield BulkLoad(connection)
