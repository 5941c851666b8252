"""The server with a small database of its own, and somebody who is signed in."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import domain
from bench.servers import Cores, Server, running
from persistence import Database

SIZES = ("--users", "20", "--posts", "100", "--comments", "300", "--tags", "10")


@dataclass(frozen=True, slots=True)
class Inkwell:
    """The server, and a token for it."""

    server: Server
    token: str


@contextmanager
def inkwell(folder: Path, *, cores: Cores) -> Generator[Inkwell]:
    """Serve demo data as in production, from SQLite."""
    url = f"sqlite+aiosqlite:///{folder / 'bench.db'}"
    environment = {"DATABASE_URL": url, "ENVIRONMENT": "production"}
    for command in (["migrate"], ["seed", *SIZES]):
        subprocess.run(
            [sys.executable, "-m", "server", *command],
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    token = asyncio.run(signed_in(url))
    with running(
        ["server", "serve"], environment, cores=cores, log=folder / "server.log"
    ) as server:
        yield Inkwell(server, token)


async def signed_in(url: str) -> str:
    """Begin a session of the first user, and return its token."""
    token = domain.new_token()
    session = domain.NewSession.begin(
        domain.UserId(1),
        token=token,
        user_agent="bench",
        lifetime=timedelta(days=1),
        at=datetime.now(UTC),
    )
    async with Database.connect(url) as database, database.unit_of_work() as work:
        await work.transaction(lambda: work.sessions.create(session))
    return token
