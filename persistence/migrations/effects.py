"""Which statements of a revision there are to stay, whatever becomes of the rest."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext

COMMENTS = re.compile(r"(\s*(--[^\n]*\n|/\*.*?\*/))*\s*", re.DOTALL)
LOOKS = re.compile(
    r"(SELECT|SHOW|PRAGMA|SET(?! STATEMENT)|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|DESC|EXPLAIN)\b",
    re.IGNORECASE,
)
"""What changes nothing."""

COMMITS = re.compile(
    r"(ALTER|CREATE(?! TEMPORARY)|DROP(?! TEMPORARY)|RENAME|TRUNCATE|GRANT|REVOKE|LOCK|FLUSH)\b",
    re.IGNORECASE,
)
"""What on MySQL commits what came before it even if it fails."""

IN_TRANSACTION = {
    "postgresql": lambda driver: driver.is_in_transaction(),
    "mysql": lambda driver: driver.get_transaction_status(),
    "sqlite": lambda driver: driver.in_transaction,
}


class Effects:
    """Notes the statements that a revision sends, and which of them are in no transaction."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._kept = 0
        self.failed: str | None = None
        """The statement that failed last, unless the revision went on after it."""

        self.failed_alone = False
        """Whether that was in no transaction, and may have left something."""

        self.is_committing = False
        """Whether a COMMIT was sent last, of which nobody has heard yet."""

        self.may_be_halved = False
        """Whether the database keeps halves of revisions."""

    def listen(self, connection: Connection) -> None:
        """Note what is sent over a connection, which is the only one of its engine that sends."""
        self.may_be_halved = connection.dialect.name == "mysql"
        event.listen(connection, "after_cursor_execute", self._note_done)
        event.listen(connection, "commit", self._note_commit)
        event.listen(connection.engine, "handle_error", self._note_failed)

    def begin(self) -> None:
        """Begin with another revision."""
        self._done.clear()
        self._kept = 0
        self.failed, self.failed_alone = None, False
        self.is_committing = False

    @property
    def kept(self) -> list[str]:
        """The statements that are there to stay."""
        return self._done[: self._kept]

    def _note_done(
        self, connection: Connection, cursor: Any, statement: str, *others: object
    ) -> None:
        self.is_committing = False
        if changes(statement):
            self.failed = None
            self._done.append(one_line(statement))
        if not is_in_transaction(connection):
            self._kept = len(self._done)

    def _note_commit(self, connection: Connection) -> None:
        self.is_committing = True

    def _note_failed(self, context: ExceptionContext) -> None:
        statement, connection = context.statement, context.connection
        if statement is None or connection is None or self.failed or connection.closed:
            return
        self.failed = one_line(statement)
        self.failed_alone = not is_in_transaction(connection)
        if self.failed_alone or (self.may_be_halved and COMMITS.match(bare(statement))):
            self._kept = len(self._done)


def is_in_transaction(connection: Connection) -> bool:
    """Tell, as the driver knows it, whether what was done last can still be rolled back."""
    driver = connection.connection.driver_connection
    return bool(IN_TRANSACTION[connection.dialect.name](driver))


def changes(statement: str) -> bool:
    """Tell what may change something from what only looks."""
    return LOOKS.match(bare(statement)) is None


def bare(statement: str) -> str:
    """Take away the comments that a statement begins with."""
    return COMMENTS.sub("", statement, count=1)


def one_line(statement: str) -> str:
    """Write a statement without its line breaks."""
    return " ".join(statement.split())
