"""The limit: what a server could take that was written by hand for just these requests.

Bare ASGI on the same uvicorn, statements of our own on asyncpg, as few as there can be, and
orjson. It answers the same bytes as Inkwell, and checks no more than it has to: which of the
documents it is, whose token, and that a cursor is of the list.
"""

from __future__ import annotations

import asyncio
import gc
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import a2b_base64, b2a_base64
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, cast

import asyncpg
import orjson
import uvicorn
from asyncpg.prepared_stmt import PreparedStatement
from sqlalchemy import make_url
from starlette.types import ASGIApp, Receive, Scope, Send

import domain
from bench.limit_statements import FEED_SQL, POINT_SQL, SESSION_SQL, WIDE_SQL, WRITE_SQL
from bench.workloads import FEED, FEED_SIZE, POINT, TINY, WIDE, WIDE_SIZE, WRITE
from domain.text import slugify
from schema.cursors import VERSION, digest

CONNECTIONS = 10
STATEMENTS: Mapping[str, int] = {"point": 1, "feed": 1, "wide": 1, "write": 2, "tiny": 0}
"""How many it takes for each workload, as they stand below."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
POSTS = VERSION + digest("Query.posts", domain.PostFilter().default_order, domain.PostFilter())
USERS = VERSION + digest("Query.users", domain.UserFilter().default_order, domain.UserFilter())
HEAD, KEY = len(POSTS), len(POSTS) + 8

Variables = Mapping[str, Any]


class NotSignedIn(Exception):
    """A token is that of nobody."""


class Connection:
    """A connection to the database, and the statements that it has prepared."""

    def __init__(self, **statements: PreparedStatement[asyncpg.Record]) -> None:
        self.point = statements["point"].fetchrow
        self.feed = statements["feed"].fetch
        self.wide = statements["wide"].fetch
        self.session = statements["session"].fetchval
        self.write = statements["write"].fetchval

    @classmethod
    async def open(cls, dsn: str) -> Connection:
        """Connect, and prepare all statements."""
        driver = await asyncpg.connect(dsn)
        return cls(
            point=await driver.prepare(POINT_SQL),
            feed=await driver.prepare(FEED_SQL),
            wide=await driver.prepare(WIDE_SQL),
            session=await driver.prepare(SESSION_SQL),
            write=await driver.prepare(WRITE_SQL),
        )


async def point(connection: Connection, variables: Variables, token: str) -> Any:
    """Read a post by its ID."""
    row = await connection.point(int(a2b_base64(variables["id"]).removeprefix(b"Post:")))
    if row is None:
        return {"post": None}
    return {
        "post": {
            "id": global_id(b"Post:%d", row[0]),
            "slug": row[1],
            "title": row[2],
            "body": row[3],
            "publishedAt": row[4],
            "author": {
                "id": global_id(b"User:%d", row[5]),
                "username": row[6],
                "displayName": row[7],
            },
        }
    }


async def feed(connection: Connection, variables: Variables, token: str) -> Any:
    """Read a page of posts with all that belongs to them."""
    rows = await connection.feed(*position(variables["after"], POSTS), FEED_SIZE + 1)
    page = rows[:FEED_SIZE]
    nodes = [
        {
            "id": global_id(b"Post:%d", row[0]),
            "slug": row[1],
            "title": row[2],
            "publishedAt": row[3],
            "author": {"id": global_id(b"User:%d", row[4]), "displayName": row[5]},
            "tags": [
                {"id": global_id(b"Tag:%d", key), "name": name}
                for key, name in zip(row[6] or (), row[7] or (), strict=True)
            ],
            "comments": {
                "nodes": [
                    {
                        "id": global_id(b"Comment:%d", key),
                        "body": body,
                        "createdAt": moment,
                        "author": {"id": global_id(b"User:%d", author_id), "displayName": name},
                    }
                    for key, body, moment, author_id, name in zip(
                        *(each or () for each in row[8:13]), strict=True
                    )
                ]
            },
        }
        for row in page
    ]
    end = cursor(POSTS, page[-1][13], page[-1][0]) if page else None
    info = {"hasNextPage": len(rows) > FEED_SIZE, "endCursor": end}
    return {"posts": {"nodes": nodes, "pageInfo": info}}


async def wide(connection: Connection, variables: Variables, token: str) -> Any:
    """Read a page of users with some posts of each."""
    rows = await connection.wide(*position(variables["after"], USERS), WIDE_SIZE + 1)
    page = rows[:WIDE_SIZE]
    nodes = [
        {
            "id": global_id(b"User:%d", row[0]),
            "username": row[1],
            "displayName": row[2],
            "posts": {
                "nodes": [
                    {
                        "id": global_id(b"Post:%d", key),
                        "slug": slug,
                        "title": title,
                        "publishedAt": moment,
                    }
                    for key, slug, title, moment in zip(
                        *(each or () for each in row[3:7]), strict=True
                    )
                ]
            },
        }
        for row in page
    ]
    end = cursor(USERS, page[-1][7], page[-1][0]) if page else None
    info = {"hasNextPage": len(rows) > WIDE_SIZE, "endCursor": end}
    return {"users": {"nodes": nodes, "pageInfo": info}}


async def write(connection: Connection, variables: Variables, token: str) -> Any:
    """Write a draft; raises `NotSignedIn`."""
    now = datetime.now(UTC)
    author_id = await connection.session(sha256(token.encode()).hexdigest(), now)
    if author_id is None:
        raise NotSignedIn
    title, body = variables["input"]["title"].strip(), variables["input"]["body"].strip()
    slug = slugify(title)
    key = await connection.write(author_id, slug, title, body, now)
    post = {
        "id": global_id(b"Post:%d", key),
        "slug": slug,
        "title": title,
        "status": "DRAFT",
        "createdAt": now,
    }
    return {"createPost": {"__typename": "CreatePostPayload", "post": post}}


Resolver = Callable[[Connection, Variables, str], Awaitable[Any]]
RESOLVERS: Mapping[str, Resolver] = {POINT: point, FEED: feed, WIDE: wide, WRITE: write}


def global_id(form: bytes, key: int) -> str:
    """Write a key as an ID."""
    return b2a_base64(form % key, newline=False).decode()


def position(text: str, head: bytes) -> tuple[datetime, int]:
    """Read a cursor of a list that is ordered by moments; raises `ValueError` for another's."""
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if not raw.startswith(head):
        raise ValueError(text)
    moment = EPOCH + int.from_bytes(raw[KEY + 1 :], "big", signed=True) * MICROSECOND
    return moment, int.from_bytes(raw[HEAD:KEY], "big")


def cursor(head: bytes, moment: datetime, key: int) -> str:
    """Write a cursor of a list that is ordered by moments."""
    value = ((moment - EPOCH) // MICROSECOND).to_bytes(8, "big", signed=True)
    raw = head + key.to_bytes(8, "big") + b"t" + value
    return urlsafe_b64encode(raw).decode().rstrip("=")


class Limit:
    """The app: some connections that stay open, and a resolver for each document."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._idle = asyncio.LifoQueue[Connection]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        answer = await self._answer(orjson.loads(body), scope)
        headers = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", b"%d" % len(answer)),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _answer(self, request: Mapping[str, Any], scope: Scope) -> bytes:
        if request["query"] == TINY:
            return orjson.dumps({"data": {"__typename": "Query"}})
        resolver = RESOLVERS[request["query"]]
        connection = await self._idle.get()
        try:
            found = await resolver(connection, request["variables"], token_of(scope))
        finally:
            self._idle.put_nowait(connection)
        return orjson.dumps({"data": found}, option=orjson.OPT_UTC_Z)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        for _ in range(CONNECTIONS):
            self._idle.put_nowait(await Connection.open(self._dsn))
        gc.collect()
        gc.freeze()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


def token_of(scope: Scope) -> str:
    """Read the token that a request shows, if any."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            return cast("str", value[7:].decode())
    return ""


def app() -> ASGIApp:
    """Make the app, for the database that the environment names as it does to Inkwell."""
    url = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql")
    return Limit(url.render_as_string(hide_password=False))


if __name__ == "__main__":
    uvicorn.run(
        "bench.limit:app",
        factory=True,
        host=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        workers=int(os.environ.get("WORKERS", "1")),
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        ws="none",
        server_header=False,
        proxy_headers=False,
    )
