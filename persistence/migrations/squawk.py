"""Squawk, a linter of PostgreSQL's SQL, which reads what no construct tells: `op.execute`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

OLDEST_POSTGRESQL = "15.0"

OURS = {
    "adding-foreign-key-constraint": "adding-constraint",
    "adding-not-nullable-field": "requiring-column",
    "adding-required-field": "adding-required-column",
    "ban-drop-column": "dropping-column",
    "ban-drop-constraint": "dropping-constraint",
    "ban-drop-not-null": "dropping-not-null",
    "ban-drop-table": "dropping-table",
    "changing-column-type": "changing-type",
    "constraint-missing-not-valid": "adding-constraint",
    "disallowed-unique-constraint": "adding-constraint",
    "renaming-column": "renaming-column",
    "renaming-table": "renaming-table",
    "require-concurrent-index-creation": "building-index",
    "require-concurrent-index-deletion": "dropping-index",
}
"""Those of its rules that we have as well, for every database."""

EXCLUDED = {
    "prefer-bigint-over-int": "types are chosen in persistence/types.py",
    "prefer-bigint-over-smallint": "likewise",
    "prefer-identity": "likewise",
    "prefer-text-field": "likewise, and to widen a VARCHAR copies nothing",
    "prefer-timestamptz": "likewise",
    "prefer-robust-stmts": "IF NOT EXISTS takes the invalid half of an index for the whole",
    "require-lock-timeout": "who migrates sets it, for all revisions",
    "require-statement-timeout": "likewise",
}
"""Those that are not asked, and why."""


def program() -> str | None:
    """Find squawk beside this Python, or on the path; None if it is not installed."""
    beside = Path(sys.executable).with_name("squawk")
    return str(beside) if beside.exists() else shutil.which("squawk")


def complaints(program: str, statements: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Tell each rule that is broken, the statement, and what squawk says about it."""
    within = ["BEGIN;", *statements, "COMMIT;"]  # as a revision is run; it may leave it for a while
    ends = list(accumulate(statement.count("\n") + 1 for statement in within))
    excluded = ",".join(EXCLUDED)
    options = ("--reporter", "json", "--pg-version", OLDEST_POSTGRESQL, "--exclude", excluded)
    said = subprocess.run(  # noqa: S603 (the program is the pinned one, and the options are ours)
        [program, *options], input="\n".join(within), capture_output=True, text=True, check=False
    )
    if said.returncode not in {0, 1}:
        raise OSError(f"squawk failed: {said.stderr.strip()}")
    for each in json.loads(said.stdout):
        statement = next(sql for sql, end in zip(within, ends, strict=True) if each["line"] < end)
        advice = " ".join(filter(None, (each["message"], each["help"])))
        yield OURS.get(each["rule_name"], each["rule_name"]), statement, advice
