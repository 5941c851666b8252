"""The app: some connections that stay open, and an answer to each document."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import make_url
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.limit.answers import ANSWERS
from bench.limit.statements import Connection
from bench.workloads import TINY

CONNECTIONS = 10  # as many as Inkwell keeps
YOUNG_OBJECTS = 50_000  # and as seldom a collection


class Limit:
    """An ASGI app over a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url).set(drivername="postgresql")
        self._dsn = parsed.render_as_string(hide_password=False)
        self._idle = asyncio.LifoQueue[Connection]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        answer = await self._answer(orjson.loads(body), scope)
        headers = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", b"%d" % len(answer)),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _answer(self, request: Mapping[str, Any], scope: Scope) -> bytes:
        document = request["query"]
        if document == TINY:
            return orjson.dumps({"data": {"__typename": "Query"}})
        connection = await self._idle.get()
        try:
            found = await ANSWERS[document](connection, request["variables"], token_of(scope))
        finally:
            self._idle.put_nowait(connection)
        return orjson.dumps({"data": found}, option=orjson.OPT_UTC_Z)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Connect when the server starts, and part when it ends."""
        await receive()
        connections = [await Connection.open(self._dsn) for _ in range(CONNECTIONS)]
        for connection in connections:
            self._idle.put_nowait(connection)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for connection in connections:
            await connection.close()
        await send({"type": "lifespan.shutdown.complete"})


def token_of(scope: Scope) -> str:
    """Read the token that a request shows, if any."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            token: str = value.decode().removeprefix("Bearer ")
            return token
    return ""


def app_from_environment() -> ASGIApp:
    """Make the app as Inkwell does: over the database that the environment names, frozen."""
    app = Limit(os.environ["DATABASE_URL"])
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    return app
