"""How long a migration may hold up others, and itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event

from persistence.dialects import is_mariadb
from persistence.migrations.effects import bare

CONCURRENTLY = re.compile(
    r"(CREATE\s+(UNIQUE\s+)?INDEX|DROP\s+INDEX|REINDEX\b[^;]*?)\s+CONCURRENTLY\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a statement of a migration may take.

    While one waits for a lock on a table, whoever comes after it waits as well, if only to read.
    """

    lock_seconds: float = 5
    statement_seconds: float = 600

    def set_on(self, connection: Connection) -> None:
        """Have a session keep to these; MySQL does not limit what is no SELECT."""
        for statement in self._settings(connection):
            connection.exec_driver_sql(statement)
        connection.commit()
        if connection.dialect.name == "postgresql":
            event.listen(connection, "before_cursor_execute", self._wait_concurrently)
            event.listen(connection, "after_cursor_execute", self._wait_no_more)

    def _wait_concurrently(
        self, connection: Connection, cursor: Any, statement: str, *others: object
    ) -> None:
        """Let an index that is built concurrently wait for transactions: nobody waits behind it."""
        if CONCURRENTLY.match(bare(statement)):
            connection.connection.cursor().execute("SET lock_timeout = 0")

    def _wait_no_more(
        self, connection: Connection, cursor: Any, statement: str, *others: object
    ) -> None:
        if CONCURRENTLY.match(bare(statement)):
            connection.connection.cursor().execute(self._lock_timeout)

    @property
    def _lock_timeout(self) -> str:
        return f"SET lock_timeout = {self.lock_seconds * 1_000:.0f}"

    def _settings(self, connection: Connection) -> list[str]:
        lock_seconds = max(1, round(self.lock_seconds))  # MySQL and MariaDB take whole ones
        match connection.dialect.name:
            case "postgresql":
                return [
                    "SET application_name = 'inkwell migrate'",
                    self._lock_timeout,
                    f"SET statement_timeout = {self.statement_seconds * 1_000:.0f}",
                ]
            case "mysql":
                is_of_mariadb = is_mariadb(connection.dialect)
                return [
                    f"SET SESSION lock_wait_timeout = {lock_seconds}",
                    f"SET SESSION innodb_lock_wait_timeout = {lock_seconds}",
                    f"SET SESSION max_statement_time = {self.statement_seconds:g}"
                    if is_of_mariadb
                    else f"SET SESSION max_execution_time = {self.statement_seconds * 1_000:.0f}",
                ]
            case _:
                return [f"PRAGMA busy_timeout = {self.lock_seconds * 1_000:.0f}"]
