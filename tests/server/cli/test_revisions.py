"""The commands about revisions, as an operator types them."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic

import pytest

from persistence import migrations
from tests.persistence.migrations.additions import add_revision, with_additions
from tests.server.cli.operators import run


def test_a_plan_is_sql_that_does_nothing_yet(database_file: Path) -> None:
    """It can be read, and handed to whoever may change tables; then there is none."""
    planned = run("migrate", "--plan")
    made = sqlite3.connect(database_file)
    assert made.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    made.executescript(planned.output)
    migrated = run("migrate")
    made.execute("SELECT * FROM post_tags")
    made.close()

    assert migrated.exit_code == 1 and "table tags already exists" in migrated.output
    assert "-- b7d5350855da: Create users, posts, comments and tags.\n" in planned.output


def test_status_tells_where_a_database_stands() -> None:
    """Before, and after."""
    before, _, after = run("status"), run("migrate"), run("status")

    (newest,) = migrations.newest()
    assert before.output.startswith(
        "Revision: none, nothing was applied yet\nPending:  b7d5350855da"
    )
    assert before.output.count("\n") == len(migrations.earlier()) + 3
    assert re.fullmatch(
        rf"Revision: {newest}: .+\nPending:  nothing\nNewest:   {newest}: .+\n", after.output
    )


def test_status_of_a_database_that_is_ahead_names_what_it_is_at(database_file: Path) -> None:
    """It is no error to look; to check is."""
    run("migrate")
    with sqlite3.connect(database_file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
    connection.close()

    status, check, migrate = run("status"), run("check"), run("migrate")

    assert [status.exit_code, check.exit_code, migrate.exit_code] == [0, 1, 1]
    assert status.output.startswith(
        "Revision: later, which is no revision of this code\nPending:  nobody knows\n"
    )
    assert "at later, which is no revision of this code" in check.output
    assert "a newer release has migrated it, and is the one to run" in migrate.output


def test_check_is_content_with_ours(database_file: Path) -> None:
    """At the newest revision, without a table too many, with nothing that the linter refuses."""
    pending, _, fit = run("check"), run("migrate"), run("check")
    with sqlite3.connect(database_file) as connection:
        connection.execute("DROP INDEX ix_tags_created_at_id")
    connection.close()
    drifted = run("check")

    assert "no tables yet: python -m server migrate" in pending.output
    assert (fit.exit_code, fit.output) == (
        0,
        "The revisions are fit, and the tables are the models'.\n",
    )
    assert drifted.exit_code == 1
    assert "op.create_index(op.f('ix_tags_created_at_id'), 'tags'" in drifted.output


@pytest.mark.parametrize("seconds", ["nan", "-1", "x", "86401", "1.5"])
def test_a_wait_that_is_no_time_is_refused(seconds: str) -> None:
    """It would wait for ever, or not at all."""
    result = run("migrate", "--wait", seconds)

    assert result.exit_code == 2
    assert "--wait" in result.output


def test_a_database_that_does_not_come_is_waited_for_as_long_as_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It says at once what it waits for, and in the end what there was."""
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://ada:plainly-fake@127.0.0.1:1/inkwell")
    began_at = monotonic()

    result = run("migrate", "--wait", "1")

    assert result.exit_code == 1
    assert 1 <= monotonic() - began_at < 10
    where = "postgresql+asyncpg://ada:***@127.0.0.1:1/inkwell: "
    waiting, failed = result.output.splitlines()
    assert waiting.startswith(f"Waiting for the database, up to 1 s: {where}")
    assert failed.startswith(f"The database does not answer: {where}")


def test_a_database_that_says_nothing_is_not_waited_for_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It lets one in, and then is silent."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        monkeypatch.setenv("DATABASE_URL", f"postgresql+asyncpg://ada@127.0.0.1:{port}/inkwell")
        began_at = monotonic()

        result = run("migrate", "--wait", "2")

    assert result.exit_code == 1
    assert monotonic() - began_at < 8


def test_a_database_that_comes_late_is_migrated(tmp_path: Path) -> None:
    """As a container that starts beside ours: here a folder that is mounted late."""
    folder = tmp_path / "late"
    file = folder / "inkwell.db"
    arrival = threading.Timer(0.7, folder.mkdir)
    arrival.start()

    result = run("migrate", "--wait", "60", DATABASE_URL=f"sqlite+aiosqlite:///{file}")

    arrival.join()
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Waiting for the database, up to 60 s: ")


def test_migrations_go_where_their_url_leads(
    monkeypatch: pytest.MonkeyPatch, database_file: Path, tmp_path: Path
) -> None:
    """Beside a pooler, and with another role than the server's."""
    other = tmp_path / "other.db"
    monkeypatch.setenv("MIGRATION_DATABASE_URL", f"sqlite+aiosqlite:///{other}")

    migrated, status = run("migrate"), run("status")

    assert (migrated.exit_code, status.exit_code) == (0, 0)
    assert other.exists() and not database_file.exists()
    assert "Pending:  nothing" in status.output


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("x", "MIGRATION_DATABASE_URL: not a URL like driver://user:password@host:port/database."),
        ("postgresql+asyncpg://ada:plainly-fake@db:x/inkwell", "MIGRATION_DATABASE_URL: not a URL"),
        ("sqlite:///x.db", "MIGRATION_DATABASE_URL: its driver must be one of "),
        (
            "mysql+aiomysql://ada@db/inkwell",
            "MIGRATION_DATABASE_URL: should be the same database as DATABASE_URL",
        ),
        (
            "sqlite+aiosqlite:///a.db,sqlite+aiosqlite:///b.db",
            "MIGRATION_DATABASE_URL: is one URL",
        ),
    ],
)
def test_a_migration_url_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str, complaint: str
) -> None:
    """In a line, which repeats nothing of it."""
    monkeypatch.setenv("MIGRATION_DATABASE_URL", url)

    result = run("migrate")

    assert result.exit_code == 1
    assert complaint in result.output and "plainly-fake" not in result.output


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("1 / 0", "The revisions can't be read: ZeroDivisionError: division by zero (broken.py,"),
        ('revision = "a"\ndown_revision = "nowhere"', "The revisions can't be read: KeyError: 'no"),
    ],
)
@pytest.mark.filterwarnings("ignore:Revision nowhere referenced")
def test_revisions_that_can_not_be_read_are_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str, complaint: str
) -> None:
    """Not a traceback, whichever command it is."""
    (tmp_path / "broken.py").write_text(content)
    config = with_additions("", tmp_path)
    monkeypatch.setattr("persistence.migrations.revisions.configuration", lambda: config)

    results = [
        run(*each) for each in (("migrate",), ("migrate", "--plan"), ("status",), ("check",))
    ]

    assert [each.exit_code for each in results] == [1] * 4
    assert all(complaint in each.output for each in results), [each.output for each in results]


def test_two_newest_revisions_are_told_by_all_commands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two branches of work added one each, and were merged."""
    for name in ("one", "other"):
        add_revision(tmp_path, name, "pass")
    config = with_additions("", tmp_path)
    monkeypatch.setattr("persistence.migrations.revisions.configuration", lambda: config)

    results = [run(*each) for each in (("migrate",), ("migrate", "--plan"), ("check",))]

    assert [each.exit_code for each in results] == [1] * 3
    assert all("two newest revisions, one and other: " in each.output for each in results)


def test_no_revisions_at_all_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As in an image that was built without them."""
    config = migrations.configuration()
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(tmp_path))
    monkeypatch.setattr("persistence.migrations.revisions.configuration", lambda: config)

    assert "There are no revisions in migrations/versions." in run("migrate").output


def test_alembic_keeps_passwords_to_itself(tmp_path: Path) -> None:
    """It reads the same settings, which may be wrong."""
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "current"],
        cwd=migrations.ROOT,
        env={**os.environ, "DATABASE_URL": "postgresql://ada:plainly-fake@db/inkwell"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "DATABASE_URL: its driver must be one of" in done.stdout + done.stderr
    assert "plainly-fake" not in done.stdout + done.stderr
