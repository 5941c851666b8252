"""SQLite as it is served: one file, many readers, and writers of several processes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults.service import Service, now, served
from tests.persistence.connections import checked_out

READERS = WRITERS = 50
SECONDS = 4.0
IN_MEMORY = "sqlite+aiosqlite://"
PRAGMAS = {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 2_000}
OTHER_PROCESS = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
end, written = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE users SET display_name = 'Elsewhere'")
    time.sleep(0.005)
    connection.execute("COMMIT")
    written += 1
    time.sleep(0.005)
print(written)
"""


@pytest.fixture
async def crowded(tmp_path: Path) -> AsyncGenerator[Service]:
    """The server with its default settings, over a file."""
    async with served(f"sqlite+aiosqlite:///{tmp_path / 'served.db'}", anew=True) as service:
        yield service


async def test_each_connection_to_a_file_is_set_up(crowded: Service) -> None:
    """By default SQLite keeps no foreign keys, and readers wait for writers."""
    async with crowded.database.reading() as one, crowded.database.reading() as other:
        for connection in one, other:
            found = {name: await connection.scalar(text(f"PRAGMA {name}")) for name in PRAGMAS}

            assert found == PRAGMAS


async def test_a_transaction_has_the_write_lock_from_its_begin_and_a_read_never(
    crowded: Service,
) -> None:
    """Who turned from reader to writer in the middle would be refused without any wait."""
    async with crowded.database.writing(), crowded.database.reading() as reading:
        assert await reading.scalar(text("SELECT count(*) FROM posts")) == 1
        await reading.execute(text("PRAGMA busy_timeout = 0"))

        with pytest.raises(Exception, match="database is locked"):
            await reading.execute(text("UPDATE posts SET version = version"))


@pytest.mark.parametrize("processes", [1, 2])
async def test_fifty_readers_and_fifty_writers_of_a_file_are_all_served(
    crowded: Service, tmp_path: Path, processes: int
) -> None:
    """None hears of a lock, and each gets its turns."""
    end = now() + SECONDS
    reading_seconds: list[float] = []

    async def keep_reading() -> int:
        answers = 0
        while now() < end:
            answer = await crowded.read()
            assert answer.is_good, answer
            reading_seconds.append(answer.seconds)
            answers += 1
        return answers

    async def keep_writing(writer: int) -> int:
        written = 0
        while now() < end:
            answer = await crowded.write(f"{writer}.{written}")
            assert answer.is_good, answer
            written += 1
        return written

    other = None
    if processes > 1:
        other = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", OTHER_PROCESS, str(tmp_path / "served.db"), str(SECONDS)),
            stdout=asyncio.subprocess.PIPE,
        )
    read, written = await asyncio.gather(
        asyncio.gather(*(keep_reading() for _ in range(READERS))),
        asyncio.gather(*(keep_writing(n) for n in range(WRITERS))),
    )

    assert min(read) > 0 and min(written) > 0
    p99_seconds = sorted(reading_seconds)[int(len(reading_seconds) * 0.99)]
    print(  # noqa: T201 (`pytest -s` shows it)
        f"\nSQLite, {processes} processes: {sum(read)} reads, p99 {p99_seconds:.2f} s, "
        f"{sum(written)} writes"
    )
    kept = await crowded.written()
    assert kept.total() == sum(written) and {*kept.values()} == {1}
    assert checked_out(crowded.database) == 0
    if other is not None:
        said, _ = await other.communicate()
        assert other.returncode == 0 and int(said) > 0


async def test_readers_go_on_while_somebody_writes_for_long(crowded: Service) -> None:
    """However many writers wait for their turn: these hold no connections meanwhile."""
    async with crowded.database.writing() as connection:
        await connection.execute(text("UPDATE users SET display_name = 'Held'"))
        writes = [asyncio.create_task(crowded.write(f"{n}")) for n in range(WRITERS)]
        reads = await asyncio.gather(*(crowded.read() for _ in range(READERS)))
        unfinished = [write for write in writes if not write.done()]
    answers = await asyncio.gather(*writes)

    assert len(unfinished) == WRITERS
    assert [each for each in [*reads, *answers] if not each.is_good] == []
    assert (await crowded.written()).total() == WRITERS


async def test_a_database_in_memory_serves_many_at_once() -> None:
    """They take turns on its one connection, and none waits for ever."""
    async with served(IN_MEMORY, anew=True) as service:
        reads = (service.read() for _ in range(READERS))
        writes = (service.write(f"{n}") for n in range(WRITERS))
        answers = await asyncio.gather(*reads, *writes)
        async with service.database.reading() as connection:
            kept = await connection.scalar(text("SELECT count(*) FROM comments"))

    assert [each for each in answers if not each.is_good] == []
    assert kept == WRITERS
