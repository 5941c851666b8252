"""PostgreSQL, and replicas that stream from it."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from tests.servers import binaries
from tests.servers.database import DatabaseServer

CATCH_UP_SECONDS = 30


class PostgreSQL(DatabaseServer):
    """One PostgreSQL server: `async with PostgreSQL("--max_connections=20") as server:`."""

    DRIVER = "postgresql+asyncpg"
    ADMIN = "postgres"
    STOP = signal.SIGINT  # without waiting for clients to go
    DISCARD = signal.SIGQUIT  # SIGKILL would leave shared memory behind

    def __init__(self, *options: str, programs: Path | None = None) -> None:
        """Take the system's programs, or those of a folder; raises `MissingServer`."""
        super().__init__(*options)
        self.programs = programs or binaries.postgresql()
        self.data = self.directory / "data"

    @property
    def admin_url(self) -> str:
        return f"{super().admin_url}postgres"

    async def _prepare(self) -> None:
        how = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        await self._run(self.programs / "initdb", f"--pgdata={self.data}", *how)

    def _command(self) -> list[str]:
        return [
            str(self.programs / "postgres"),
            *("-D", str(self.data)),
            f"--port={self.port}",
            "--listen_addresses=127.0.0.1",
            "--unix_socket_directories=",
            "--fsync=off",  # it has to survive a crash of its own, and not of the machine
            *self.options,
        ]

    async def _welcome(self) -> None:
        await self.sql(
            "CREATE ROLE inkwell LOGIN CREATEDB PASSWORD 'inkwell'",
            "CREATE DATABASE inkwell OWNER inkwell",
        )


class Replica(PostgreSQL):
    """A streaming replica: `async with PostgreSQL() as primary, Replica(primary) as replica:`."""

    def __init__(self, primary: PostgreSQL, *options: str) -> None:
        super().__init__(*options, programs=primary.programs)
        self.primary = primary

    async def pause(self) -> None:
        """Receive and not show what the primary commits from now on."""
        await self.sql("SELECT pg_wal_replay_pause()")
        await self._until("SELECT pg_get_wal_replay_pause_state() = 'paused'")

    async def resume(self) -> None:
        """Show it, and what comes."""
        await self.sql("SELECT pg_wal_replay_resume()")

    async def catch_up(self) -> None:
        """Wait until it shows all that the primary has committed so far."""
        [(position,)] = await self.primary.sql("SELECT pg_current_wal_lsn()::text")
        await self._until(f"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn")

    async def _until(self, question: str) -> None:
        async with asyncio.timeout(CATCH_UP_SECONDS):
            while await self.sql(question) != [(True,)]:  # noqa: ASYNC110 (it tells by no event)
                await asyncio.sleep(0.01)

    async def _prepare(self) -> None:
        await self._run(
            self.programs / "pg_basebackup",
            *("--host=127.0.0.1", f"--port={self.primary.port}", "--username=postgres"),
            *(f"--pgdata={self.data}", "--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
            *("--create-slot", f"--slot=replica_{self.port}"),  # WAL is kept while it is stopped
        )

    async def _welcome(self) -> None:
        await self.catch_up()
