"""What a migration tells of itself as it goes, and when it breaks off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic
from traceback import extract_tb
from typing import Any, TypeAlias

from alembic.runtime.migration import MigrationContext, RevisionStep, StampStep
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from persistence.database import DatabaseUnreachable
from persistence.failures import first_line, is_lost_connection, is_lost_race
from persistence.migrations.effects import Effects

Step: TypeAlias = RevisionStep | StampStep
StepsOf: TypeAlias = Callable[[Any, MigrationContext], Iterable[Step]]

NOTHING_KEPT = "Nothing of this revision was kept."
NOTHING_MORE = "None of its statements took effect; an attempt before may have left some."
NOBODY_KNOWS = "Whether it was kept is not known: python -m server status tells."
LEFT_ALONE = "It ran in no transaction, and may have left something"
STILL_RUNS = "It may take effect all the same: SHOW PROCESSLIST tells if the server is still at it."
KEPT = """These of its statements took effect, and can't be rolled back:
{statements}
Once the cause is gone, either undo them by hand and run this again, or do by hand what is left{of},
and then run: alembic stamp {revision}"""
OF_PLAN = ",\nof all that `python -m server migrate --plan` shows"


class Progress:
    """Reports each revision as it is applied, and knows where a migration is."""

    def __init__(self, report: Callable[[str], None], effects: Effects) -> None:
        self._report = report
        self._effects = effects
        self._step: Step | None = None

    def through(self, steps_of: StepsOf) -> StepsOf:
        """Report the steps that Alembic takes; it takes the next when the last is committed."""

        def steps(heads: Any, migration: MigrationContext) -> Iterator[Step]:
            for step in steps_of(heads, migration):
                began_at = monotonic()
                self._step = step
                self._effects.begin()
                yield step
                self._step = None
                self._report(f"{told(step)} ({monotonic() - began_at:.2f} s)")

        return steps

    def failure(self, error: BaseException) -> str:
        """Say what broke off where, what there is of it now, and what to do."""
        if self._step is None:
            return reason_of(error)
        lines = [f"{named(self._step)}: {reason_of(error)}"]
        if self._effects.failed:
            lines.append(f"That was: {self._effects.failed}")
        if isinstance(error, KeyboardInterrupt) and self._effects.may_be_halved:
            lines.append(STILL_RUNS)
        elif self._effects.failed_alone:
            example = "" if self._effects.may_be_halved else ", such as an INVALID index"
            lines.append(f"{LEFT_ALONE}{example}.")
        return "\n".join([*lines, self._outcome(error)])

    def _outcome(self, error: BaseException) -> str:
        """Say what there is of the revision that broke off."""
        step, kept = self._step, self._effects.kept
        is_unheard = self._effects.is_committing and not self._effects.failed
        lines = []
        if is_unheard and (isinstance(error, KeyboardInterrupt) or is_lost_connection(error)):
            lines.append(NOBODY_KNOWS)
        if step is not None and kept:
            lines.append(
                KEPT.format(
                    statements="\n".join(f"  {each};" for each in kept),
                    of=OF_PLAN if step.is_upgrade else "",
                    revision=" ".join(step.info.destination_revision_ids) or "base",
                )
            )
        if lines:
            return "\n".join(lines)
        return NOTHING_MORE if self._effects.may_be_halved else NOTHING_KEPT


def told(step: Step) -> str:
    """Say what a step did."""
    if isinstance(step, StampStep):
        return f"Stamped: {named(step)}"
    return f"{'Applied' if step.is_upgrade else 'Took back'} {named(step)}"


def named(step: Step) -> str:
    """Name the revision of a step."""
    if isinstance(step, StampStep):
        return " ".join(step.to_revisions) or "base"
    return f"{step.revision.revision}: {step.doc}".rstrip(".")


def reason_of(error: BaseException) -> str:
    """Say what went wrong; a bug of a revision's script, and where it is."""
    if isinstance(error, KeyboardInterrupt):
        return "it was interrupted"
    if isinstance(error, CommandError | DatabaseUnreachable):
        return str(error)
    reason = first_line(error)
    if is_lost_race(error):
        return f"{reason}. Others hold a lock that it needs: run it again once they have let go."
    if isinstance(error, SQLAlchemyError | OSError) or is_lost_connection(error):
        return reason
    where = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {reason} ({Path(where.filename).name}, line {where.lineno})"
