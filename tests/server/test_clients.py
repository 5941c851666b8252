"""Clients of a real server: those that go away, and those behind a proxy."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy import event
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import domain
from persistence import Database
from server.http.clients import client_of
from server.http.watches import Watch
from tests.databases import Backend
from tests.factories import Given
from tests.persistence.connections import checked_out
from tests.server.sockets import send, serving, until

TOKEN = domain.new_token()
CREATE_POST = """mutation { createPost(input: {title: "Lost", body: "", tags: ["held"]}) {
  __typename } }"""


@asynccontextmanager
async def tag_held(database_url: str) -> AsyncGenerator[None]:
    """Let another process write a tag and not commit: whoever writes the same one waits."""
    written, enough = asyncio.Event(), asyncio.Event()

    async def hold(work: domain.UnitOfWork) -> None:
        await work.tags.get_or_create(["held"], at=datetime.now(UTC))
        written.set()
        await enough.wait()

    async with Database.connect(database_url) as other, other.unit_of_work() as work:
        holding = asyncio.create_task(work.transaction(lambda: hold(work)))
        await written.wait()
        try:
            yield
        finally:
            enough.set()
            await holding


def next_write(database: Database) -> asyncio.Event:
    """Tell when a transaction is about to send what it will wait for."""
    sent = asyncio.Event()

    def look(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith(("BEGIN IMMEDIATE", "INSERT INTO tags")):
            sent.set()

    event.listen(database.engine.sync_engine, "before_cursor_execute", look)
    return sent


def telling(app: ASGIApp, gone: asyncio.Event) -> ASGIApp:
    """Tell when an app has heard that its client is gone."""

    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        async def receive_and_tell() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect":
                gone.set()
            return message

        await app(scope, receive_and_tell, send)

    return heard


async def test_a_client_that_goes_away_takes_its_request_along(
    endpoint: ASGIApp,
    backend: Backend,
    database: Database,
    database_url: str,
    given: Given,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What it wrote is rolled back, and its connection is free: at once, where a wait can end.

    SQLite sleeps in a thread, until it has the lock and is told to give it back.
    """
    caplog.set_level(logging.INFO)
    user = await given.a_user(role=domain.Role.ADMIN)
    await given.a_session(of=user, token=TOKEN, at=datetime.now(UTC))

    gone = asyncio.Event()
    async with serving(telling(endpoint, gone)) as port:
        async with tag_held(database_url):
            waiting = next_write(database)
            _, writer = await send(port, TOKEN, CREATE_POST)
            await until(waiting.is_set)
            writer.close()
            await until(gone.is_set)
            if backend.id != "sqlite":
                await until(lambda: checked_out(database) == 0)
        await until(lambda: checked_out(database) == 0)

    async with database.unit_of_work(domain.SignedIn(user.id, user.role)) as work:
        assert await work.posts.count(domain.PostFilter()) == 0
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_client_that_stays_is_answered(
    endpoint: ASGIApp, database: Database, database_url: str, given: Given
) -> None:
    """However long it takes, and on the same connection the next time."""
    await given.a_session(of=await given.a_user(), token=TOKEN, at=datetime.now(UTC))
    headers = {"Authorization": f"Bearer {TOKEN}"}

    async with (
        serving(endpoint) as port,
        AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client,
    ):
        async with tag_held(database_url):
            waiting = asyncio.create_task(client.post("/graphql", json={"query": CREATE_POST}))
            await until(lambda: checked_out(database) == 1)
        first = await waiting
        second = await client.post("/graphql", json={"query": "{ viewer { username } }"})

    assert first.json() == {"data": {"createPost": {"__typename": "CreatePostPayload"}}}
    assert second.status_code == 200
    assert not [task for task in asyncio.all_tasks() if "Watch" in repr(task.get_coro())]


async def test_a_client_that_goes_away_within_its_body_is_no_error(
    endpoint: ASGIApp, caplog: pytest.LogCaptureFixture
) -> None:
    """Lost connections are everyday's business, and not for a log of errors."""
    head = (
        b"POST /graphql HTTP/1.1\r\nHost: inkwell\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n{"
    )

    async with serving(endpoint) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("trusted", "address"),
    [
        ("", "127.0.0.1"),
        ("10.0.0.0/8", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7"),
        ("127.0.0.0/8, 192.0.2.0/24", "203.0.113.9"),
    ],
)
async def test_forwarded_addresses_are_believed_of_known_proxies(
    trusted: str, address: str
) -> None:
    """Limits are per address: a client may not make one up, nor all share their proxy's."""

    async def tell(request: Request) -> PlainTextResponse:
        return PlainTextResponse(client_of(request.scope).address)

    options = {"proxy_headers": bool(trusted), "forwarded_allow_ips": trusted}
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9, 192.0.2.7"}

    app = Starlette(routes=[Route("/", tell)])
    async with serving(app, **options) as port, AsyncClient() as client:
        response = await client.get(f"http://127.0.0.1:{port}/", headers=headers)

    assert response.text == address


async def test_a_request_that_fails_when_it_is_given_up_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """There is nobody left to tell, but an operator."""
    messages: asyncio.Queue[Message] = asyncio.Queue()

    async def fail_in_the_end() -> None:
        try:
            await messages.put({"type": "http.request"})  # an unread body is no departure
            await messages.put({"type": "http.disconnect"})
            await asyncio.Event().wait()
        finally:
            raise ZeroDivisionError

    with pytest.raises(ClientDisconnect), Watch(60) as watch:
        watch.listen({"type": "http"}, messages.get)
        await watch.over(fail_in_the_end())

    (record,) = caplog.records
    assert "did not end well" in record.message and record.exc_info is not None


def test_a_client_without_an_address_is_told_apart_from_none() -> None:
    """A socket of the file system has none, and limits need a word."""
    assert client_of({"type": "http", "headers": []}) == domain.Client("unknown")
