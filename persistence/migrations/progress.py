"""What a migration tells of itself as it goes, and when it breaks off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic
from traceback import extract_tb
from typing import Any, TypeAlias

from alembic.runtime.migration import MigrationContext, RevisionStep, StampStep
from alembic.util import CommandError
from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError

from persistence.dialects import AUTOCOMMIT
from persistence.failures import first_line, is_lost_race

Step: TypeAlias = RevisionStep | StampStep
StepsOf: TypeAlias = Callable[[Any, MigrationContext], Iterable[Step]]

LOOKS = re.compile(r"\s*(SELECT|SHOW|PRAGMA|SET|BEGIN|DESC|DESCRIBE|EXPLAIN)\b", re.IGNORECASE)
COMMITS = re.compile(r"\s*(ALTER|CREATE|DROP|RENAME|TRUNCATE|ANALYZE|OPTIMIZE)\b", re.IGNORECASE)
"""What on MySQL ends the transaction, whether it then succeeds or not; there is none after it."""

NOTHING_KEPT = "Nothing of this revision was kept."
NOTHING_MORE = "None of its statements took effect; an attempt before may have left some."
KEPT = """These of its statements took effect, and can't be rolled back:
{statements}
Once the cause is gone, either undo them by hand and run this again, or do by hand what is left,
of all that `python -m server migrate --plan` shows, and then run: alembic stamp {revision}"""


class Progress:
    """Reports each revision as it is applied, and knows where a migration is."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._step: Step | None = None
        self._running: str | None = None
        self._done: list[str] = []
        self._kept = 0
        """How many of those there are whatever happens."""
        self._was_committed = False
        self._ends_transactions = False
        self._is_in_none = False

    def listen(self, connection: Connection) -> None:
        """Note the statements that are sent over a connection, and which of them are kept."""
        self._ends_transactions = connection.dialect.name == "mysql"
        event.listen(connection, "before_cursor_execute", self._note_begin)
        event.listen(connection, "after_cursor_execute", self._note_end)
        event.listen(connection, "commit", self._note_commit)

    def through(self, steps_of: StepsOf) -> StepsOf:
        """Report the steps that Alembic takes; it takes the next when the last is committed."""

        def steps(heads: Any, migration: MigrationContext) -> Iterator[Step]:
            for step in steps_of(heads, migration):
                began_at = monotonic()
                self._begin(step)
                yield step
                self._report(f"{told(step)} ({monotonic() - began_at:.2f} s)")
                self._step = None

        return steps

    def failure(self, error: Exception) -> str:
        """Say what broke off where, what there is of it now, and what to do."""
        if self._step is None:
            return reason_of(error)
        lines = [f"{named(self._step)}: {reason_of(error)}"]
        if self._running:
            lines.append(f"That was: {self._running}")
        if self._kept:
            statements = "\n".join(f"  {each};" for each in self._done[: self._kept])
            revision = " ".join(self._step.info.destination_revision_ids) or "base"
            lines.append(KEPT.format(statements=statements, revision=revision))
        else:
            lines.append(NOTHING_MORE if self._ends_transactions else NOTHING_KEPT)
        return "\n".join(lines)

    def _begin(self, step: Step) -> None:
        self._step, self._running, self._kept = step, None, 0
        self._was_committed = self._is_in_none = False
        self._done.clear()

    def _note_begin(
        self, connection: Connection, cursor: Any, statement: str, *others: object
    ) -> None:
        self._running = " ".join(statement.split())
        ends_transaction = self._ends_transactions and COMMITS.match(statement) is not None
        if self._was_committed or ends_transaction:
            self._kept, self._was_committed = len(self._done), False
        self._is_in_none |= ends_transaction

    def _note_end(
        self, connection: Connection, cursor: Any, statement: str, *others: object
    ) -> None:
        self._running = None
        if LOOKS.match(statement):
            return
        self._done.append(" ".join(statement.split()))
        is_alone = connection.get_execution_options().get("isolation_level") == AUTOCOMMIT
        if is_alone or self._is_in_none:
            self._kept = len(self._done)

    def _note_commit(self, connection: Connection) -> None:
        """Take note that what comes next comes after a commit, if that goes well."""
        self._was_committed = True


def told(step: Step) -> str:
    """Say what a step did."""
    if isinstance(step, StampStep):
        return f"Stamped: {' '.join(step.to_revisions) or 'base'}"
    return f"{'Applied' if step.is_upgrade else 'Took back'} {named(step)}"


def named(step: Step) -> str:
    """Name the revision of a step."""
    if isinstance(step, StampStep):
        return " ".join(step.to_revisions) or "base"
    return f"{step.revision.revision}: {step.doc}".rstrip(".")


def reason_of(error: Exception) -> str:
    """Say what went wrong; a bug of a revision's script, and where it is."""
    if isinstance(error, CommandError):
        return str(error)
    reason = first_line(error)
    if is_lost_race(error):
        return f"{reason}. Others hold a lock that it needs: run it again once they have let go."
    if isinstance(error, SQLAlchemyError | OSError):
        return reason
    where = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {reason} ({Path(where.filename).name}, line {where.lineno})"
