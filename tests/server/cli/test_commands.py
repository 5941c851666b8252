"""The commands, as an operator types them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schema import schema
from server import demo
from server.cli.starting import PLAIN, about_explorer
from server.settings import Settings
from tests.server.cli.operators import run
from tests.servers.system import free_port

ROOT = Path(__file__).parents[3]
SMALL = ["--users", "5", "--posts", "8", "--comments", "20", "--tags", "3"]


def test_help_lists_the_commands() -> None:
    """The first thing anyone tries, with or without asking."""
    assert all(
        name in run("--help").output
        for name in ("serve", "migrate", "status", "check", "seed", "schema")
    )
    assert "serve" in run().output


def test_schema_prints_the_sdl() -> None:
    """For `make schema`, and for generators of clients."""
    assert run("schema").output == schema.as_str() + "\n"


def test_migrate_tells_what_it_did_and_does_it_once() -> None:
    """The second time there is nothing to do."""
    first, second = run("migrate"), run("migrate")

    newest = "The database is at the newest revision.\n"
    assert re.fullmatch(rf"(Applied \w+: .+ \(\d\.\d\d s\)\n)+{newest}", first.output)
    assert second.output == newest


def test_seeding_twice_is_refused_unless_told_otherwise() -> None:
    """Nobody's writing is mixed with a demo's, or lost to it by accident."""
    run("migrate")

    first, again = run("seed", *SMALL), run("seed", *SMALL)
    if_empty, replaced = run("seed", "--if-empty"), run("seed", *SMALL, "--replace")

    assert [each.exit_code for each in (first, again, if_empty, replaced)] == [0, 1, 0, 0]
    assert "8/8" in first.output and "8/8" in replaced.output
    assert "not empty" in again.output
    assert if_empty.output == ""


def test_in_production_the_demos_users_have_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody knows it."""
    monkeypatch.setenv("ENVIRONMENT", "production")
    run("migrate")

    result = run("seed", *SMALL)

    assert result.exit_code == 0
    assert "nobody can sign in as them" in result.output


@pytest.mark.parametrize(
    ("arguments", "variables", "reason"),
    [
        pytest.param(["migrate"], {"PORT": "x"}, "PORT: ", id="a-wrong-setting"),
        pytest.param(
            ["migrate"],
            {"DATABASE_URL": "postgresql+asyncpg://ada:plainly-fake@127.0.0.1:1/inkwell"},
            "does not answer: postgresql+asyncpg://ada:***@127.0.0.1:1/inkwell: ",
            id="no-database",
        ),
        pytest.param(["seed"], {}, "no tables yet", id="nothing-migrated"),
        pytest.param(
            ["seed", "--replace"], {"ENVIRONMENT": "production"}, "in production", id="production"
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], variables: dict[str, str], reason: str
) -> None:
    """With exit code 1, and neither a traceback nor a password."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    result = run(*arguments)

    assert result.exit_code == 1
    assert reason in result.output
    assert "Traceback" not in result.output and "plainly-fake" not in result.output


def test_sizes_that_make_no_sense_are_refused() -> None:
    """Before anything is written."""
    run("migrate")

    result = run("seed", "--users", "1")

    assert result.exit_code == 1
    assert "At least 4 users" in result.output


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(port: int) -> Iterator[subprocess.Popen[str]]:
    """A real process that serves a seeded database."""
    run("migrate")
    run("seed", *SMALL)
    environment = os.environ | {"PORT": str(port), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "server", "serve"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield process
        process.kill()


def test_serve_says_where_it_is_and_stops_when_told(
    server: subprocess.Popen[str], port: int
) -> None:
    """A newcomer is led to the page and to users who have something to show."""
    assert server.stdout is not None
    lines = [server.stdout.readline()]
    while "Uvicorn running" not in lines[-1]:
        lines.append(server.stdout.readline())
        assert lines[-1], "it has ended"

    server.send_signal(signal.SIGTERM)
    rest, _ = server.communicate(timeout=20)

    assert lines[0] == f"Explorer: http://127.0.0.1:{port}/graphql\n"
    users = r"Users to try: \w+ \(admin\), \w+ \(moderator\), \w+ \(member\)"
    assert any(re.fullmatch(rf"{users}; password: {demo.PASSWORD}\n", line) for line in lines)
    assert "Application shutdown complete" in rest


PUBLIC = {"introspection": True, "introspection_reason": "a public API"}


def test_the_version_stands_in_one_place() -> None:
    """And is what releases and reports of bugs name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    result = run("--version")

    assert (result.exit_code, result.output) == (0, f"{project['version']}\n")


def test_config_shows_what_is_in_force_and_whence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first question at three in the morning; the output may end in a ticket."""
    (tmp_path / ".env").write_text("PORT=8001\nLOG_LEVEL=warning\nWORKERS=\n")
    monkeypatch.setenv("PORT", "8002")
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://ada:plainly-fake@db/inkwell")
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgresql+asyncpg://db/a?password=plainly-fake")

    result = run("config")

    assert result.exit_code == 0 and "plainly-fake" not in result.output
    assert result.output.count("\n") == len(Settings.model_fields)
    for line in (
        "PORT=8002  # environment",
        "LOG_LEVEL=warning  # .env",
        "WORKERS=1  # default",
        "DB_ECHO=false  # default",
        "DB_CONNECT_TIMEOUT_SECONDS=1.5  # default",
        "INTROSPECTION=  # default",
        "DATABASE_URL=postgresql+asyncpg://ada:***@db/inkwell  # environment",
        "DATABASE_REPLICA_URL=postgresql+asyncpg://db/a?password=***  # environment",
    ):
        assert f"{line}\n" in result.output, line


def test_production_refuses_what_is_fine_among_developers(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it in one message."""
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("DB_ECHO", "true")
    monkeypatch.setenv("INTROSPECTION", "true")

    result = run("serve")

    assert result.exit_code == 1
    assert result.output == (
        "These settings are wrong:\n"
        "DB_ECHO: not in production, whose log would have all values in it.\n"
        "INTROSPECTION: in production, say why in INTROSPECTION_REASON.\n"
    )


EXPLORER = "Explorer: http://127.0.0.1:8000/graphql"


@pytest.mark.parametrize(
    ("environment", "is_built", "settings", "lines"),
    [
        ("development", True, {}, [EXPLORER]),
        (
            "development",
            False,
            {},
            [EXPLORER, PLAIN],
        ),
        ("development", True, {"explorer": False}, []),
        ("production", True, {}, []),
        ("production", True, {"explorer": True, **PUBLIC}, [EXPLORER]),
        (
            "production",
            True,
            {"explorer": True},
            [EXPLORER, "It shows no docs and completes nothing, as INTROSPECTION is off."],
        ),
        (
            "production",
            False,
            {"explorer": True},
            ["EXPLORER is on, but the explorer is not built, and so not served: make explorer"],
        ),
    ],
)
def test_serve_says_what_browsers_are_shown(
    tmp_path: Path, environment: str, is_built: bool, settings: dict[str, Any], lines: list[str]
) -> None:
    """Who finds an empty page has read why."""
    if is_built:
        (tmp_path / "index.html").write_text("<html></html>")
    read = Settings.model_validate({"environment": environment, **settings})

    assert [*about_explorer(read, tmp_path)] == lines


def test_a_database_file_in_no_directory_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It says which file, and SQLite's thread leaves no traceback beside it."""
    file = tmp_path / "missing" / "inkwell.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{file}")

    result = run("migrate")

    complaint = f"sqlite+aiosqlite:///{file}: unable to open database file"
    assert result.exit_code == 1
    assert result.output == f"The database does not answer: {complaint}\n"


@pytest.mark.parametrize("driver", ["postgresql+asyncpg", "mysql+aiomysql"])
def test_a_server_that_hangs_up_is_one_line(monkeypatch: pytest.MonkeyPatch, driver: str) -> None:
    """As behind a proxy that has no database any more, or at the port of something else."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        monkeypatch.setenv("DATABASE_URL", f"{driver}://ada:secret@127.0.0.1:{port}/inkwell")

        def hang_up() -> None:
            listening.accept()[0].close()

        hanging_up = threading.Thread(target=hang_up)
        hanging_up.start()

        result = run("migrate")

        hanging_up.join()
    where = f"{driver}://ada:***@127.0.0.1:{port}/inkwell"
    assert result.exit_code == 1
    assert result.output.startswith(f"The database does not answer: {where}: ")
    assert result.output.count("\n") == 1
