"""The whole app, on a port, with what a few people wrote."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Thread

import uvicorn
from argon2.profiles import CHEAPEST
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

import domain
from persistence import Database, migrations
from server.app import create_app
from server.http.connections import HttpConnection
from server.passwords import Argon2Passwords
from server.rate_limits import Limits, RateLimits, parse_limit
from server.settings import Environment, Settings
from tests.factories import PASSWORD, SESSION_LIFETIME, Given
from tests.fuzz.judge import Judge
from tests.fuzz.target import Alarm, Target

OFTEN = parse_limit("1000000 per minute")
UNLIMITED = Limits(sign_in_per_login=OFTEN, sign_in_per_address=OFTEN, sign_up_per_address=OFTEN)


@contextmanager
def serving(folder: Path, *, in_production: bool) -> Generator[Target]:
    """Serve the app in a thread, over a database in this folder."""
    url = f"sqlite+aiosqlite:///{folder}/fuzz.db"
    migrations.upgrade(url, lambda line: None)
    numbers = count(1)
    settings = Settings(
        environment=Environment.PRODUCTION if in_production else Environment.DEVELOPMENT,
        database_url=SecretStr(url),
    )
    alarm = Alarm()
    root = logging.getLogger()
    root.addHandler(alarm)
    try:
        with (
            Argon2Passwords(CHEAPEST) as passwords,
            running(create_app(settings), passwords) as port,
        ):
            yield Target(
                port,
                in_production,
                alarm,
                Judge(in_production=in_production),
                populate=lambda: asyncio.run(populate(url, next(numbers))),
            )
    finally:
        root.removeHandler(alarm)


@contextmanager
def running(app: ASGIApp, passwords: domain.Passwords) -> Generator[int]:
    """Run an app with cheap passwords and generous limits on a free port, which is returned."""
    accounts = domain.Accounts(
        passwords=passwords, limits=RateLimits(UNLIMITED), session_lifetime=SESSION_LIFETIME
    )

    async def with_accounts(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"]["accounts"] = accounts
        await app(scope, receive, send)

    config = uvicorn.Config(
        with_accounts, http=HttpConnection, log_config=None, ws="none", server_header=False
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


async def populate(url: str, number: int) -> dict[str, str]:
    """Sign somebody of each role up, have them write, and return their tokens by the role."""
    tokens, now = {}, datetime.now(UTC)
    async with Database.connect(url) as database:
        given = Given(database)
        for role in domain.Role:
            name = f"{role.value.lower()}{number}"
            token = tokens[role.value.lower()] = domain.new_token()
            user = await given.a_user(username=name, role=role, password=PASSWORD)
            await given.a_session(of=user, token=token, at=now)
            post = await given.a_post(by=user, title=f"Of {name}", tags=["all", name], at=now)
            await given.a_post(by=user, title=f"Draft of {name}", publish=False, at=now)
            await given.a_comment(on=post, by=user, at=now)
    return tokens
