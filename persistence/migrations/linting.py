"""The linter of revisions: what would disturb a running server, unless one says why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from alembic.script import Script, ScriptDirectory
from sqlalchemy import ClauseElement, Dialect, TextClause
from sqlalchemy.dialects import mysql, postgresql

from persistence.migrations import squawk
from persistence.migrations.rules import RULES, broken
from persistence.migrations.sql import DOWNGRADE, changes_of, statements_of

POSTGRESQL = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]  # it has no types
MYSQL = mysql.dialect(paramstyle="named")
UNREASONED = "unreasoned-acceptance"
NEEDLESS = "needless-acceptance"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a revision breaks, by what, and what to do instead."""

    revision: str
    rule: str
    statement: str
    advice: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.revision} {self.rule}: {self.statement}: {self.advice}"


def lint(scripts: ScriptDirectory) -> list[Finding]:
    """Judge all revisions, the oldest first.

    What a revision names in its `accepted` is left out, and to accept without
    a reason or a need is a finding as well. If `squawk.program()` is None,
    SQL that somebody wrote is not looked into.
    """
    revisions = reversed([*scripts.walk_revisions()])
    return [finding for script in revisions for finding in judged(script, squawk.program())]


def judged(script: Script, program: str | None) -> Iterator[Finding]:
    """Judge one revision, with squawk if there is one."""
    accepted = getattr(script.module, "accepted", {})
    if not isinstance(accepted, dict):
        yield Finding(script.revision, UNREASONED, repr(accepted), "Make it a dict of reasons.")
        accepted = {}
    found = dict.fromkeys([*of_rules(script), *(of_squawk(script, program) if program else ())])
    yield from (each for each in found if each.rule not in accepted)
    yield from of_reasons(script.revision, accepted)
    if program:
        yield from of_needs(script.revision, accepted.keys() - {each.rule for each in found})


def of_rules(script: Script) -> Iterator[Finding]:
    """Judge what it does on each database that can be told without one."""
    for dialect in (POSTGRESQL, MYSQL):
        changes = attempt(script, dialect)
        if isinstance(changes, Exception):
            yield finding(script, "unreadable", f"upgrade() raises {changes!r}")
            continue
        for rule, change in broken(changes, dialect.name):
            yield finding(script, rule, str(change))
        undone = attempt(script, dialect, DOWNGRADE)
        if isinstance(undone, Exception):
            yield finding(script, "unreversible", f"downgrade() raises {undone!r}")
        elif changes and not undone:
            yield finding(script, "unreversible", "downgrade() does nothing")


def of_squawk(script: Script, program: str) -> Iterator[Finding]:
    """Have squawk judge PostgreSQL's SQL, but for what our rules have judged already."""
    changes = attempt(script, POSTGRESQL)
    if isinstance(changes, Exception):  # and said to be so
        return
    written = {one_line(sql(each)) for each in changes if isinstance(each, TextClause)}
    for rule, statement, advice in squawk.complaints(program, statements_of(script, POSTGRESQL)):
        if rule not in RULES:
            yield Finding(script.revision, rule, one_line(statement), advice)
        elif one_line(statement) in written:
            yield finding(script, rule, statement)


def attempt(script: Script, dialect: Dialect, *direction: str) -> list[ClauseElement] | Exception:
    """List what a revision does, or tell why that can't be told, or its SQL can't be written."""
    try:
        statements_of(script, dialect, *direction)
        return changes_of(script, dialect, *direction)
    except Exception as error:  # noqa: BLE001 (a revision is anybody's code)
        return error


def of_reasons(revision: str, accepted: dict[str, Any]) -> Iterator[Finding]:
    """Find what is accepted without a reason."""
    for rule, reason in accepted.items():
        if not isinstance(reason, str) or not reason.strip():
            yield Finding(revision, UNREASONED, str(rule), "Say why it does no harm here.")


def of_needs(revision: str, unneeded: set[Any]) -> Iterator[Finding]:
    """Find what is accepted and not done."""
    for rule in sorted(map(str, unneeded)):
        why = "Nothing here breaks this rule" if rule in RULES else "There is no such rule"
        yield Finding(revision, NEEDLESS, rule, f"{why}: take it out of accepted.")


def finding(script: Script, rule: str, statement: str) -> Finding:
    """Say that a rule of ours is broken."""
    return Finding(script.revision, rule, one_line(statement), RULES[rule])


def sql(statement: TextClause) -> str:
    """Write PostgreSQL's SQL, as Alembic does."""
    return str(statement.compile(dialect=POSTGRESQL, compile_kwargs={"literal_binds": True}))


def one_line(statement: str) -> str:
    """Write a statement in a line, without semicolons behind it."""
    return " ".join(statement.split()).rstrip("; ")
