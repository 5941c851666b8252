"""The server under the public audits of GraphQL over HTTP, which graphql-http brings for all."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import SecretStr

from server.app import create_app, opened
from server.settings import Environment, Settings
from tests.faults.service import with_state
from tests.server.sockets import serving
from tests.servers import MissingServer

pytestmark = [pytest.mark.audit, pytest.mark.backends("sqlite")]  # they read nothing of it

FOLDER = Path(__file__).parent
PATIENCE_SECONDS = 60
ALL_OK = "MUST 13 of 13, SHOULD 23 of 23, MAY 25 of 25"
ASK_FOR_THE_SCHEMA = {"2EA1", "28B9", "D6D5", "6A70"}  # by `__type`, to have a variable
DEVELOPMENT = {"environment": Environment.DEVELOPMENT}
PRODUCTION = {"environment": Environment.PRODUCTION, "allowed_hosts": "127.0.0.1"}
OPEN = {"introspection": True, "introspection_reason": "a public API"}


class Report(NamedTuple):
    """What the audits found: a line for each that failed, how many ran, and their tally."""

    failed: list[str]
    total: int
    tally: str
    exit_code: int


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(DEVELOPMENT, id="development"),
        pytest.param(PRODUCTION | OPEN, id="production"),
    ],
)
async def test_every_audit_is_passed(database_url: str, settings: dict[str, Any]) -> None:
    """What must, should and may be: clients that know the specification need to know no more."""
    report = await audit(database_url, **settings)

    assert report == Report([], 61, ALL_OK, exit_code=0)


async def test_production_fails_those_alone_that_ask_for_the_schema(database_url: str) -> None:
    """They are told why, and the program that runs them says that not all is well."""
    report = await audit(database_url, **PRODUCTION)

    assert {line[:4] for line in report.failed} == ASK_FOR_THE_SCHEMA
    assert all("Introspection is switched off here." in line for line in report.failed)
    assert report.total == 61 and report.exit_code == 1


async def audit(database_url: str, **settings: Any) -> Report:
    """Serve the whole app on a port, and run the audits on it; raises `MissingServer`."""
    chosen = Settings(_env_file=None, database_url=SecretStr(database_url), **settings)
    async with opened(chosen) as state:
        app = with_state(create_app(chosen), {**state})
        async with serving(app) as port:
            done = await asyncio.to_thread(run, f"http://127.0.0.1:{port}/graphql")
    assert done.stderr == ""
    *audits, tally = done.stdout.splitlines()
    failed = [line for line in audits if not line.endswith(": ok")]
    return Report(failed, len(audits), tally, done.returncode)


def run(url: str) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    if not node or not (FOLDER / "node_modules").exists():
        raise MissingServer(
            "graphql-http is not there: `make audit` installs it where node and npm are.",
            optional=True,
        )
    return subprocess.run(  # noqa: S603 (runs a program of ours)
        [node, FOLDER / "audit.mjs", url],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
