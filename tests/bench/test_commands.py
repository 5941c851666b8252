"""The benchmark's command: what it says when it can't go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench import servers
from bench.commands import commands
from bench.database import create_if_missing
from bench.errors import BenchFailed
from bench.servers import one_at_a_time
from bench.wrk import check_wrk


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "points"], "There is no points, but point, feed, wide, write, tiny."),
        (["--servers", "apollo"], "There is no apollo, but limit, inkwell, graphql-core."),
    ],
)
def test_what_is_not_known_is_said(arguments: list[str], message: str) -> None:
    """With what there is in its place."""
    result = CliRunner().invoke(commands, ["speed", *arguments])

    assert (result.exit_code, result.output.strip()) == (1, message)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite+aiosqlite:///bench.db", "The benchmark takes PostgreSQL"),
        ("postgresql+asyncpg://127.0.0.1:1/inkwell", "does not let the benchmark in"),
    ],
)
async def test_a_database_that_is_none_is_said(url: str, message: str) -> None:
    """In a sentence, and not a traceback."""
    with pytest.raises(BenchFailed, match=message):
        await create_if_missing(url)


def test_two_do_not_measure_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """They would take each other's CPU, and delete each other's rows."""
    monkeypatch.setattr(servers, "LOCK", tmp_path / "lock")

    with (
        one_at_a_time(),
        pytest.raises(BenchFailed, match="Another benchmark"),
        one_at_a_time(),
    ):
        pass


def test_a_machine_without_wrk_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no Python package, so nothing has installed it."""
    monkeypatch.setenv("PATH", "")

    with pytest.raises(BenchFailed, match="apt install wrk"):
        check_wrk()
