"""Runs a command, such as the tests, on all the databases that can be had."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack

from tests.databases import COMPOSE_URLS, ask_all
from tests.servers.binaries import MissingServer, postgresql_18
from tests.servers.database import DatabaseServer
from tests.servers.mysql import MySQL
from tests.servers.postgresql import PostgreSQL


def newest_postgresql() -> DatabaseServer:
    return PostgreSQL(programs=postgresql_18())


def newest_mysql() -> DatabaseServer:
    """Have InnoDB check foreign keys: 9.7 by default may let in a row without its parent."""
    return MySQL("--loose-innodb-native-foreign-keys=ON")


LANES = (newest_postgresql, newest_mysql)


async def run_on_all(command: Sequence[str]) -> int:
    """Run a command with `TEST_DATABASE_URLS`: what answers already, and what is started for it.

    Returns its exit code, or 1 if a server is missing that has to be there.
    """
    async with AsyncExitStack() as servers:
        named = os.environ.get("TEST_DATABASE_URLS")
        answering = await ask_all(named.split(",") if named else COMPOSE_URLS)
        urls = [backend.url for backend in answering.backends]
        missing = [MissingServer(sentence) for sentence in answering.missing]
        for lane in LANES:
            try:
                server = await servers.enter_async_context(lane())
            except MissingServer as error:
                missing.append(error)
            else:
                urls.append(server.url)
        complain(missing)
        environment = {**os.environ, "TEST_DATABASE_URLS": ",".join(urls)}
        process = await asyncio.create_subprocess_exec(*command, env=environment)
        code = await process.wait()
    complain(missing)
    return code or int(any(error.is_required() for error in missing))


def complain(missing: Sequence[MissingServer]) -> None:
    """Say loudly what the tests are not run on."""
    for error in missing:
        print(f"NOT TESTED: {error}", file=sys.stderr, flush=True)
