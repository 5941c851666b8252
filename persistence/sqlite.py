"""aiosqlite, made to fail without a trace."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import aiosqlite

PAUSES_SECONDS = [0.02 * n for n in range(1, 15)]  # two seconds, all in all


async def connect(*arguments: Any, **options: Any) -> aiosqlite.Connection:
    """Open a file; raises `sqlite3.Error`, once the thread for it has ended.

    By itself aiosqlite leaves it to end after the event loop, which it can't tell then.
    """
    connection = aiosqlite.connect(*arguments, **options)
    thread = connection._thread  # noqa: SLF001 (SQLAlchemy, in whose place this is, sets it too)
    thread.daemon = True
    try:
        return await connection
    except Exception:
        await asyncio.to_thread(thread.join)
        raise


async def make_wal(connection: aiosqlite.Connection) -> None:
    """Have readers and the writer not wait for each other, which a file is told once.

    Meanwhile others who come to a new file are refused, without the wait that they ask for.
    """
    for pause in (*PAUSES_SECONDS, None):
        try:
            await connection.execute("PRAGMA journal_mode = WAL")
        except aiosqlite.OperationalError as error:
            if pause is None or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            await asyncio.sleep(pause)
        else:
            return
