"""The history of figures: one line for each commit, which later ones are read beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from bench import history, reports
from bench.contenders import CONTENDERS
from bench.dataset import FULL, SMALL
from bench.errors import BenchFailed
from bench.servers import Memory
from bench.speed import Figures, Measured, Options
from bench.workloads import WORKLOADS
from bench.wrk import Driven
from server import demo


def options(sizes: demo.Sizes = FULL) -> Options:
    return Options(
        url="",
        sizes=sizes,
        workloads=WORKLOADS,
        contenders=CONTENDERS,
        rounds=3,
        seconds=1,
        connections=8,
        workers=1,
    )


def driven(*cpu_ms: float) -> list[Driven]:
    return [Driven(100, 50.0, 1.0, 2.0, each) for each in cpu_ms]


def report(commit: str, *, ours: tuple[float, ...] = (0.4, 0.6, 0.3)) -> dict[str, Any]:
    """What is told of a run in which one kind of request was measured."""
    figures = {"limit": Figures(1, driven(0.1, 0.2, 0.1)), "inkwell": Figures(2, driven(*ours))}
    memory = {name: Memory(90, 70.4, 60) for name in figures}
    return reports.report(
        Measured({"point": figures}, memory), options(), reports.circumstances(commit)
    )


def test_a_line_has_the_medians_of_all_rounds() -> None:
    """The multiple is that of the rounds: what slows both down in one of them is no matter."""
    line = orjson.loads(history.line_of(report("3f9c")))

    assert line["figures"]["point"] == {
        "limit": {"cpu_ms": 0.1, "multiple": 1.0, "statements": 1},
        "inkwell": {"cpu_ms": 0.4, "multiple": 3.0, "statements": 2},
    }
    assert line["pss_mb"] == {"limit": 70, "inkwell": 70}
    assert line["commit"] == "3f9c" and line["python"] and line["cpu"] and line["date"]


def test_a_commit_has_one_line(tmp_path: Path) -> None:
    """Measured again, it has the later figures, and the others stay as they were."""
    kept = tmp_path / "history.jsonl"
    for commit in ("3f9c", "77aa"):
        history.record(report(commit), kept)

    history.record(report("3f9c", ours=(0.2, 0.2, 0.2)), kept)

    lines = [orjson.loads(line) for line in kept.read_bytes().splitlines()]
    assert [line["commit"] for line in lines] == ["77aa", "3f9c"]
    assert lines[1]["figures"]["point"]["inkwell"]["cpu_ms"] == 0.2


def test_only_a_whole_run_is_recorded() -> None:
    """Figures of few rows beside those of many would look like progress."""
    with pytest.raises(BenchFailed, match="whole run"):
        history.check_recordable(options(SMALL), "3f9c")


def test_only_a_commit_is_recorded() -> None:
    """Nobody could look up what else was measured."""
    history.check_recordable(options(), "3f9c")

    with pytest.raises(BenchFailed, match="commit or stash"):
        history.check_recordable(options(), "3f9c+")


def test_the_history_that_is_kept_can_be_read() -> None:
    """Each line by itself, whichever commits were merged."""
    lines = history.HISTORY.read_bytes().splitlines()

    assert all({w.name for w in WORKLOADS} == {*orjson.loads(line)["figures"]} for line in lines)
