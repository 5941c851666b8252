"""What a statement reads, as the database itself tells."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence import Database

HANDLERS = "^Handler_read_(first|key|last|next|prev)$"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one statement read: rows or index entries (SQLite: steps), and its plan as text."""

    returned: int
    read: int
    plan: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as the driver got it."""

    statement: str
    parameters: Any


@asynccontextmanager
async def sent_by(database: Database) -> AsyncGenerator[list[Sent]]:
    """Collect the statements that are sent meanwhile."""
    sent: list[Sent] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append(Sent(statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def measure(database: Database, sent: Sent, *, is_small: bool) -> Reading:
    """Run a statement again, and ask the database what it read.

    Of a small table PostgreSQL takes more than it needs, and sorts it, unless it is kept from it.
    """
    name = database.engine.dialect.name
    meter = {"postgresql": analyze, "mysql": count_handlers, "sqlite": count_steps}
    async with database.reading() as connection:
        if name == "postgresql":
            for way in ("seqscan", "bitmapscan"):
                value = "off" if is_small else "on"
                await connection.exec_driver_sql(f"SET enable_{way} = {value}")
        return await meter[name](connection, sent)


async def analyze(connection: AsyncConnection, sent: Sent) -> Reading:
    """PostgreSQL: the rows that scans returned, and those that a filter took back."""
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {sent.statement}"
    plan = (await connection.exec_driver_sql(explain, sent.parameters)).scalar_one()
    (root,) = json.loads(plan) if isinstance(plan, str) else plan
    read = sum(
        (node["Actual Rows"] + removed_by_filter(node)) * node["Actual Loops"]
        for node in nodes(root["Plan"])
        if "Relation Name" in node  # a bitmap's rows are counted where its table is read
    )
    returned = root["Plan"]["Actual Rows"]
    return Reading(int(returned), round(read), json.dumps(root["Plan"], indent=1))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def removed_by_filter(node: dict[str, Any]) -> int:
    kinds = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return sum(int(node.get(kind, 0)) for kind in kinds)


async def count_handlers(connection: AsyncConnection, sent: Sent) -> Reading:
    """MySQL and MariaDB: the entries of indexes that were read; and no table without one."""
    explain = f"EXPLAIN FORMAT=TRADITIONAL {sent.statement}"
    steps = (await connection.exec_driver_sql(explain, sent.parameters)).mappings().all()
    before = await handler_reads(connection)
    rows = (await connection.exec_driver_sql(sent.statement, sent.parameters)).all()
    read = await handler_reads(connection) - before
    return Reading(len(rows), read, "\n".join(str({**step}) for step in steps))


async def handler_reads(connection: AsyncConnection) -> int:
    status = text(f"SHOW SESSION STATUS WHERE Variable_name REGEXP '{HANDLERS}'")
    return sum(int(value) for _, value in await connection.execute(status))


async def count_steps(connection: AsyncConnection, sent: Sent) -> Reading:
    """SQLite: the steps of its virtual machine, for it counts no rows."""
    explain = f"EXPLAIN QUERY PLAN {sent.statement}"
    plan = (await connection.exec_driver_sql(explain, sent.parameters)).all()
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    await driver.set_progress_handler(step, 1)
    rows = (await connection.exec_driver_sql(sent.statement, sent.parameters)).all()
    await driver.set_progress_handler(None, 0)
    return Reading(len(rows), taken, "\n".join(detail for *_, detail in plan))
