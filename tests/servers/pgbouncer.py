"""pgbouncer, in transaction mode in front of a PostgreSQL."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.servers import binaries
from tests.servers.database import DatabaseServer
from tests.servers.postgresql import PostgreSQL
from tests.servers.system import give_to_nobody


class PgBouncer(DatabaseServer):
    """A pooler: `async with PostgreSQL() as server, PgBouncer(server) as pooler:`."""

    DRIVER = PostgreSQL.DRIVER
    ADMIN = PostgreSQL.ADMIN
    STOP = signal.SIGINT  # which lets transactions end; newer ones wait for clients at SIGTERM
    DISCARD = signal.SIGKILL

    def __init__(self, server: PostgreSQL, *options: str, program: Path | None = None) -> None:
        """Take options as lines of its file, such as "default_pool_size = 3".

        Raises `MissingServer`.
        """
        super().__init__(*options)
        self.server = server
        self.program = program or binaries.pgbouncer()
        self._file = self.directory / "pgbouncer.ini"

    @property
    def admin_url(self) -> str:
        """Lead to PostgreSQL's admin, through the pooler."""
        return f"{super().admin_url}postgres?prepared_statement_cache_size=0"

    async def _prepare(self) -> None:
        behind = f"host=127.0.0.1 port={self.server.port}"
        lines = [
            "[databases]",
            f"postgres = {behind} user=postgres",
            f"* = {behind} user=inkwell",
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            f"listen_port = {self.port}",
            "unix_socket_dir =",
            "auth_type = any",
            "pool_mode = transaction",
            "max_client_conn = 500",
            *self.options,
        ]
        self._file.write_text("\n".join(lines) + "\n")
        give_to_nobody(self._file)

    def _command(self) -> list[str]:
        return [str(self.program), str(self._file)]

    async def _welcome(self) -> None:
        """PostgreSQL has welcomed the tests already."""
