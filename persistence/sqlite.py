"""aiosqlite, made to fail without a trace."""

from __future__ import annotations

import asyncio
from typing import Any

import aiosqlite


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
