"""The history of figures: a line of JSON for each commit that was measured, kept in git."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from bench.contenders import CONTENDERS, ROOT
from bench.dataset import FULL
from bench.errors import BenchFailed
from bench.speed import Options
from bench.workloads import WORKLOADS

HISTORY = Path(__file__).with_name("history.jsonl")
CHANGED = "+"
DIGITS = 4


def commit() -> str:
    """Name the commit that is checked out, with `+` behind it if there are changes beside it.

    Those of the history do not count. Raises `BenchFailed`.
    """
    name = git("rev-parse", "--short=12", "HEAD")
    changes = git("status", "--porcelain", "--", ".", f":!{HISTORY.relative_to(ROOT)}")
    return name + CHANGED if changes else name


def git(*arguments: str) -> str:
    """Ask git about this repository; raises `BenchFailed`."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), *arguments],  # noqa: S607 (whichever git there is)
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"git can't tell the commit: {done.stderr.strip()}")
    return done.stdout.strip()


def check_recordable(options: Options, commit: str) -> None:
    """Make sure that a run is one for the history; raises `BenchFailed`."""
    is_whole = (
        options.sizes == FULL
        and len(options.workloads) == len(WORKLOADS)
        and len(options.contenders) == len(CONTENDERS)
        and options.workers == 1
    )
    if not is_whole:
        raise BenchFailed("Only a whole run is recorded: all servers, workloads and rows.")
    if commit.endswith(CHANGED):
        raise BenchFailed("Only a commit is recorded: commit or stash the changes first.")


def record(report: Mapping[str, Any], history: Path = HISTORY) -> None:
    """Keep a run, in place of an earlier one of the same commit on the same processor."""
    line = line_of(report)
    kept = history.read_bytes().splitlines(keepends=True) if history.exists() else []
    others = [each for each in kept if identity(each) != identity(line)]
    history.write_bytes(b"".join([*others, line]))


def line_of(report: Mapping[str, Any]) -> bytes:
    """Sum up a run: CPU per request, how many times the limit's that is, and memory."""
    figures = {
        workload: {
            name: {
                "cpu_ms": round(each["cpu_ms"], DIGITS),
                "multiple": round(each["multiple"], 2),
                "statements": each["statements"],
            }
            for name, each in servers.items()
        }
        for workload, servers in report["figures"].items()
    }
    memory = {name: round(each["pss"]) for name, each in report["memory"].items()}
    about = {name: report[name] for name in ("commit", "date", "python", "cpu", "load")}
    return orjson.dumps({**about, "figures": figures, "pss_mb": memory}) + b"\n"


def identity(line: bytes) -> tuple[str, str]:
    """Tell of which commit a line is, and on which processor."""
    held = orjson.loads(line)
    return held["commit"], held["cpu"]
