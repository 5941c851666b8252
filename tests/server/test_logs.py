"""What the log is written in, and what is never in it."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import httpx2
import pytest

from server.app import app_from_environment
from server.http.request_log import RequestRecord
from server.logs import JsonFormatter, RequestHandler, TextFormatter, log_config
from server.settings import Environment, LogFormat, Settings

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 1, 1, 12, 0, 0, 250, tzinfo=UTC)
HOSTILE = "a\nb\r\x1b[2J\x9b1A\u2028\u202e\x7f"
ESCAPED = r"a\nb\r\x1b[2J\x9b1A\u2028\u202e\x7f"
REQUEST = RequestRecord(
    "3f9c", "POST", "/graphql", 200, 12.3, "query", "Feed", "abc", (), 5, 61, 17
)


def made(message: object, *values: object, **more: Any) -> logging.LogRecord:
    """What a logger makes of a message; `more` is what its maker adds."""
    logged = logging.LogRecord("inkwell.tests", logging.INFO, "", 0, message, values, None)
    logged.created = NOON.timestamp()
    logged.__dict__.update(more)
    return logged


def raised(message: str) -> dict[str, Any]:
    """What a logger adds to its record of an exception."""
    try:
        raise RuntimeError(message)  # noqa: TRY301 (to have a traceback)
    except RuntimeError:
        return {"exc_info": sys.exc_info()}


def as_json(logged: logging.LogRecord) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(JsonFormatter().format(logged))
    return line


def as_text(logged: logging.LogRecord, *, coloured: bool = False) -> str:
    return TextFormatter(coloured=coloured).format(logged)


def test_a_line_for_programs_says_when_and_who_and_what() -> None:
    """In a form that collectors know, with what else a record was given."""
    assert as_json(made("%s is away", "Redis", attempts=3)) == {
        "time": "2026-01-01T12:00:00.000250Z",
        "level": "INFO",
        "logger": "inkwell.tests",
        "message": "Redis is away",
        "attempts": 3,
    }


def test_a_line_for_people_says_the_same() -> None:
    """Without a date, which they know."""
    line = as_text(made("%s is away", "Redis", attempts=3))

    assert re.fullmatch(
        r"\d\d:\d\d:00\.000 INFO    inkwell\.tests Redis is away · attempts 3", line
    )


def test_a_request_is_told_to_people_in_words() -> None:
    """Programs get its fields."""
    assert as_text(made(REQUEST)).endswith(f" INFO    inkwell.tests {REQUEST}")
    assert REQUEST.fields().items() <= as_json(made(REQUEST)).items()


def test_only_a_terminal_gets_colours() -> None:
    """Files and pipes would keep the codes."""
    logged = made("Redis is away")

    assert "\x1b[32mINFO   \x1b[0m" in as_text(logged, coloured=True)
    assert "\x1b" not in as_text(logged)


@pytest.mark.parametrize(
    "logged",
    [
        made(HOSTILE),
        made("%s", HOSTILE),
        made("x", added=HOSTILE),
        made("%s", HOSTILE, color_message="\x1b[36m%s"),
    ],
)
def test_no_text_leaves_its_line_or_moves_the_cursor(logged: logging.LogRecord) -> None:
    """Or clients could write lines of their own, and hide ours from whoever looks."""
    assert JsonFormatter().format(logged).isprintable()
    assert as_text(logged).isprintable()
    assert HOSTILE in as_json(logged).values()
    assert ESCAPED in as_text(logged)


def test_a_traceback_is_one_string_or_lines_of_its_own() -> None:
    """These are indented, so that a message within does not pass for a line of the log."""
    logged = made("Failed", **raised(f"{HOSTILE}\n12:00:00 INFO forged"))

    line, traceback = JsonFormatter().format(logged), as_json(logged)["exception"]
    first, *rest = as_text(logged).split("\n")

    assert line.isprintable()
    assert traceback.startswith("Traceback (most") and traceback.endswith("12:00:00 INFO forged")
    assert first.endswith("Failed")
    assert rest[0] == "    Traceback (most recent call last):"
    assert all(each.isprintable() and each.startswith("    ") for each in rest)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Path("/x"), "/x"),
        (2**70, 2**70),
        ("half \ud800", "half \ud800"),
        ({1: NOON}, {"1": NOON.isoformat()}),
        (NOON, "2026-01-01T12:00:00.000250Z"),
    ],
)
def test_whatever_is_logged_becomes_json(value: object, written: object) -> None:
    """A line that can't be written is one that is missed when it matters."""
    assert as_json(made("x", added=value))["added"] == written


@pytest.mark.parametrize(
    ("environment", "log_format", "is_json"),
    [
        (Environment.DEVELOPMENT, LogFormat.AUTO, False),
        (Environment.DEVELOPMENT, LogFormat.JSON, True),
        (Environment.PRODUCTION, LogFormat.AUTO, True),
        (Environment.PRODUCTION, LogFormat.TEXT, False),
    ],
)
def test_production_logs_json_unless_told_otherwise(
    environment: Environment, log_format: LogFormat, *, is_json: bool
) -> None:
    """Programs read there, and developers here."""
    settings = Settings(environment=environment, log_format=log_format)

    assert settings.logs_json == is_json


@pytest.mark.parametrize(
    ("no_color", "is_terminal", "coloured"),
    [("", True, True), ("", False, False), ("1", True, False)],
)
def test_colours_are_for_terminals_whose_users_want_them(
    monkeypatch: pytest.MonkeyPatch, no_color: str, *, is_terminal: bool, coloured: bool
) -> None:
    """https://no-color.org."""
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)

    assert log_config("info", as_json=False)["formatters"]["line"]["coloured"] == coloured


@pytest.mark.parametrize(("level", "root"), [("debug", "WARNING"), ("error", "ERROR")])
def test_libraries_are_asked_for_warnings_at_most(level: str, root: str) -> None:
    """SQLite's driver tells the values of statements when it is asked to debug."""
    config = log_config(level, as_json=True)

    assert logging.getLevelName(config["root"]["level"]) == root
    assert config["loggers"]["inkwell"]["level"] == level.upper()


def test_warnings_are_lines_like_all(caplog: pytest.LogCaptureFixture) -> None:
    """Python would print them, without a time or a level, and on two lines."""
    logging.captureWarnings(capture=False)  # which another test may have left on

    with warnings.catch_warnings(action="always"):
        app_from_environment()
        warnings.warn("This is old.", RuntimeWarning, stacklevel=1)
        logging.captureWarnings(capture=False)

    (logged,) = caplog.records
    assert as_json(logged)["logger"] == "py.warnings"
    assert "RuntimeWarning: This is old." in as_text(logged)


SECRETS = {
    "document": "secretdocument",
    "variable": "secretvariable",
    "password": "secret-password-of-twenty",
    "email": "secretmail@example.com",
    "token": "secrettoken",
    "session": "s" * 43,
    "cookie": "secretcookie",
    "agent": "secretagent",
    "query": "secretquery",
    "address": "203.0.113.77",
    "body": "secretbody",
}
SIGN_UP = """mutation SignUp($input: SignUpInput!) {
  signUp(input: $input) { __typename ... on SignUpPayload { token } }
}"""


@contextmanager
def served(folder: Path, **settings: str) -> Generator[tuple[str, list[str]]]:
    """A real server on an empty database: where it is, and in the end all that it wrote."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])
    database = f"sqlite+aiosqlite:///{folder / 'logs.db'}"
    environment = {**os.environ, "DATABASE_URL": database, "PORT": port, "PYTHONPATH": str(ROOT)}
    environment |= settings
    command = [sys.executable, "-m", "server"]
    subprocess.run([*command, "migrate"], env=environment, cwd=folder, check=True)  # noqa: S603 (our own)
    with subprocess.Popen(  # noqa: S603 (our own)
        [*command, "serve"],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        workers = int(settings.get("WORKERS", "1"))
        while "".join(lines).count("Application startup complete") < workers:
            lines.append(process.stdout.readline())
            assert lines[-1], lines
        try:
            yield f"http://127.0.0.1:{port}", lines
            process.send_signal(signal.SIGTERM)
            lines += process.communicate(timeout=20)[0].splitlines()
        finally:
            process.kill()


def requests(lines: list[str]) -> list[dict[str, Any]]:
    """Those that tell of a request; all of them have to be JSON."""
    parsed = [json.loads(line) for line in lines]
    return [line for line in parsed if line["logger"] == "inkwell.requests"]


@pytest.mark.slow
def test_in_production_every_line_of_every_worker_is_json(tmp_path: Path) -> None:
    """The server's own ones too, and each request has one."""
    ids = [f"n-{n}" for n in range(20)]

    with served(tmp_path, ENVIRONMENT="production", WORKERS="2") as (url, lines):
        for each in ids:
            httpx2.get(f"{url}/nowhere", headers={"X-Request-ID": each})

    assert sorted(line["request_id"] for line in requests(lines)) == sorted(ids)
    assert "uvicorn.error" in {json.loads(line)["logger"] for line in lines}


def test_statements_that_are_echoed_are_lines_like_all(tmp_path: Path) -> None:
    """SQLAlchemy would write them in its own format, and ours would be there as well."""
    settings = {"LOG_FORMAT": "json", "DB_ECHO": "true"}

    with served(tmp_path, **settings) as (url, lines):
        headers = {"X-Request-ID": "abc"}
        httpx2.post(f"{url}/graphql", json={"query": "{ tags { totalCount } }"}, headers=headers)

    about = [json.loads(line) for line in lines if "SELECT count" in line]
    assert [each["logger"] for each in about] == ["sqlalchemy.engine.Engine"]
    assert about[0]["request_id"] == "abc"


def test_nothing_of_what_clients_send_is_logged(tmp_path: Path) -> None:
    """A log is read by many and kept for long, and none of this is theirs to read."""
    document = f"query Feed($v: String) {{ a: posts {{ totalCount }} }} # {SECRETS['document']}"
    form = {"username": "ada", "email": SECRETS["email"], "password": SECRETS["password"]}
    headers = {
        "User-Agent": SECRETS["agent"],
        "Cookie": f"session={SECRETS['cookie']}",
        "X-Forwarded-For": SECRETS["address"],
        "X-Request-ID": f"{SECRETS['token']};",
    }
    sent: list[dict[str, Any]] = [
        {"json": {"query": document, "variables": {"v": SECRETS["variable"]}}},
        {"json": {"query": f"{{ {SECRETS['document']} }}"}},
        {"json": {"query": f'{{ node(id: "{SECRETS["document"]}") {{ id }} }}'}},
        {"json": {"query": SIGN_UP, "variables": {"input": form}}},
        {"json": {"query": SIGN_UP, "variables": {"input": form}}},  # which is taken
        {"json": {"query": "{ __typename }"}, "headers": bearer(SECRETS["token"])},
        {"json": {"query": "{ __typename }"}, "headers": bearer(SECRETS["session"])},
        {"content": SECRETS["body"], "headers": {"Content-Type": "application/json"}},
        {"content": SECRETS["body"]},
    ]

    with (
        served(tmp_path, LOG_LEVEL="debug", LOG_FORMAT="json", ENVIRONMENT="production") as (
            url,
            lines,
        ),
        httpx2.Client(headers=headers, params={"query": SECRETS["query"]}) as client,
    ):
        answers = [client.post(f"{url}/graphql", **each) for each in sent]
        answers.append(client.get(f"{url}/graphql"))

    assert "token" in answers[3].json()["data"]["signUp"]
    assert len(requests(lines)) == len(answers)
    said = [line for line in lines if "Uvicorn running on" not in line]
    secrets = [*SECRETS.values(), "127.0.0.1", answers[3].json()["data"]["signUp"]["token"]]
    assert [(secret, line) for secret in secrets for line in said if secret in line] == []


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_request_that_can_not_be_logged_is_answered_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever reads the log may have gone; until then a line is what the formatter makes."""
    written = BytesIO()
    handler = RequestHandler(TextIOWrapper(written))
    logged = made(REQUEST)

    handler.handle(logged)
    line = written.getvalue().decode()
    handler.stream.close()
    handler.handle(logged)

    assert line == JsonFormatter().format(logged) + "\n"
    assert "I/O operation on closed file" in capsys.readouterr().err
