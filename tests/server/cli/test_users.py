"""Users and their sessions, as an operator looks after them."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text

import domain
from persistence import Database
from server import demo
from server.cli.console import out
from tests.factories import Given
from tests.server.cli.operators import run

T = TypeVar("T")

ADMIN = demo.USERS_TO_TRY[domain.Role.ADMIN]
MEMBER = demo.USERS_TO_TRY[domain.Role.MEMBER]
FIRST_REVISION = "b7d5350855da"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with sixty users."""
    file = tmp_path_factory.mktemp("seeded") / "users.db"
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(file.parent)
        monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{file}")
        run("migrate")
        run("seed", "--users", "60", "--posts", "1", "--comments", "0", "--tags", "1")
    return file


@pytest.fixture(autouse=True)
def database_url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seeded: Path) -> str:
    """A copy of it that the settings name, and a console that is wide enough."""
    url = f"sqlite+aiosqlite:///{shutil.copy(seeded, tmp_path)}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr(out, "width", 200)
    return url


def in_database(url: str, work: Callable[[Database], Awaitable[T]]) -> T:
    async def connect() -> T:
        async with Database.connect(url) as database:
            return await work(database)

    return asyncio.run(connect())


async def users(database: Database) -> dict[str, domain.User]:
    """The users of the demo that have a role to lose or to gain."""
    async with database.unit_of_work() as work:
        return {**await work.users.get_many_by_username([ADMIN, MEMBER])}


def rows(output: str) -> list[list[str]]:
    """The cells of a table."""
    lines = [line for line in output.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


@pytest.mark.parametrize("name", [MEMBER, MEMBER.upper(), f" {MEMBER} "])
@pytest.mark.parametrize("role", ["MODERATOR", "moderator"])
def test_a_user_is_given_a_role(database_url: str, name: str, role: str) -> None:
    """Names and roles in any case; nothing else about the user changes."""
    before = in_database(database_url, users)[MEMBER]

    result = run("users", "promote", name, "--role", role)

    after = in_database(database_url, users)[MEMBER]
    assert result.output == f"{MEMBER} was MEMBER, and is MODERATOR now.\n"
    assert (before.role, after.role) == (domain.Role.MEMBER, domain.Role.MODERATOR)
    assert (after.email, after.bio, after.created_at) == (
        before.email,
        before.bio,
        before.created_at,
    )


def test_a_role_can_be_taken_away(database_url: str) -> None:
    """And twice is said to be once too often."""
    first, second = (run("users", "promote", ADMIN, "--role", "member") for _ in range(2))

    assert first.output == f"{ADMIN} was ADMIN, and is MEMBER now.\n"
    assert second.output == f"{ADMIN} is MEMBER already.\n"
    assert in_database(database_url, users)[ADMIN].role is domain.Role.MEMBER


@pytest.mark.parametrize(
    ("arguments", "exit_code", "reason"),
    [
        (["promote", "nobody", "--role", "ADMIN"], 1, "There is no user named nobody."),
        (["promote", "[red]", "--role", "ADMIN"], 1, "There is no user named [red]."),
        (["sessions", "nobody"], 1, "There is no user named nobody."),
        (["sessions", "nobody", "--end"], 1, "There is no user named nobody."),
        (["promote", ADMIN, "--role", "KING"], 2, "KING"),
        (["promote", ADMIN], 2, "--role"),
        (["list", "--limit", "0"], 2, "--limit"),
    ],
)
def test_mistakes_are_explained(arguments: list[str], exit_code: int, reason: str) -> None:
    """In words, and never by a traceback."""
    result = run("users", *arguments)

    assert result.exit_code == exit_code
    assert reason in result.output and "Traceback" not in result.output


def test_nothing_is_looked_after_before_there_are_tables(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The next step is named."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")

    result = run("users", "list")

    assert result.exit_code == 1
    assert "python -m server migrate" in result.output


def test_users_are_listed_by_name_page_by_page() -> None:
    """Without end there may be 200,000, so a page is read and the rest is counted."""
    first, second = run("users", "list"), run("users", "list", "--offset", "50")

    names = [row[0] for result in (first, second) for row in rows(result.output)]
    assert len(names) == 60 and names == sorted(names)
    assert first.output.endswith("10 more: --offset 50\n")
    assert "more" not in second.output
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", rows(first.output)[0][-1])


def test_users_are_listed_by_role() -> None:
    """To see who may do what."""
    result = run("users", "list", "--role", "Admin")

    ((username, name, role, email, _),) = rows(result.output)
    assert (username, role, email) == (ADMIN, "ADMIN", f"{ADMIN}@example.com")
    assert name.lower().replace(" ", "_") == username


def test_a_users_sessions_are_listed_and_ended(database_url: str) -> None:
    """When a device is lost, or an account was taken over."""
    now = datetime.now(UTC)

    async def sign_in(database: Database) -> None:
        for user in (await users(database)).values():
            for device in ("a phone", "[bold]a laptop"):
                await Given(database).a_session(of=user, user_agent=device, at=now)

    in_database(database_url, sign_in)

    listed = run("users", "sessions", MEMBER.upper())
    ended = run("users", "sessions", MEMBER, "--end")
    afterwards, of_another = run("users", "sessions", MEMBER), run("users", "sessions", ADMIN)

    assert [row[-1] for row in rows(listed.output)] == ["[bold]a laptop", "a phone"]
    assert {row[1] for row in rows(listed.output)} == {f"{now:%Y-%m-%d %H:%M}"}
    assert ended.output == "Sessions ended: 2\n"
    assert afterwards.output == "There are no sessions.\n"
    assert len(rows(of_another.output)) == 2


def test_a_terminal_is_told_nothing_by_a_name(database_url: str) -> None:
    """The API refuses such a name; what wrote it past the API may not clear the screen."""

    async def rename(database: Database) -> None:
        async with database.writing() as connection:
            await connection.execute(text("UPDATE users SET display_name = '\x1b[2Jgone'"))

    in_database(database_url, rename)

    listed = run("users", "list")

    assert "[2Jgone" in listed.output and "\x1b" not in listed.output


@pytest.mark.parametrize("arguments", [["users", "list"], ["seed", "--if-empty"]])
@pytest.mark.parametrize(
    ("revision", "told"),
    [
        (FIRST_REVISION, "of the revisions: python -m server migrate"),
        ("later", "at later, which is no revision of this code: a newer release has migrated it"),
    ],
)
def test_tables_of_another_revision_are_left_alone(
    database_url: str, arguments: list[str], revision: str, told: str
) -> None:
    """The command says what to do first, rather than what a statement failed for."""

    async def stamp(database: Database) -> None:
        async with database.writing() as connection:
            await connection.execute(
                text("UPDATE alembic_version SET version_num = :it"), {"it": revision}
            )

    in_database(database_url, stamp)

    result = run(*arguments)

    assert result.exit_code == 1
    assert told in result.stderr


def test_an_offset_has_an_end() -> None:
    """A number that no database takes is refused before one is asked."""
    assert run("users", "list", "--offset", "9" * 20).exit_code == 2


def test_a_forgotten_password_is_replaced(database_url: str) -> None:
    """It is typed twice and never shown, and not part of the command, which shells remember."""

    async def find(database: Database) -> domain.Credentials | None:
        async with database.unit_of_work() as work:
            return await work.users.find_credentials(MEMBER)

    before = in_database(database_url, find)

    typed = "another password\n" * 2
    result = run("users", "password", MEMBER.upper(), typed=typed)

    assert result.exit_code == 0 and "Sessions ended: 0" in result.output
    assert "another password" not in result.output
    assert in_database(database_url, find) != before


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        pytest.param(MEMBER, "short", "12 to 1,024 characters", id="too-short"),
        pytest.param("nobody", "another password", "no user named nobody", id="nobody"),
    ],
)
def test_a_password_that_cannot_be_set_is_refused(name: str, typed: str, said: str) -> None:
    """In a line, as every command does."""
    result = run("users", "password", name, typed=f"{typed}\n" * 2)

    assert result.exit_code == 1
    assert said in result.stderr
