"""A real server on a real port, and clients that can leave at any moment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

PATIENCE_SECONDS = 10


@asynccontextmanager
async def serving(app: ASGIApp, **options: Any) -> AsyncGenerator[int]:
    """Serve an app on a free port, which is returned."""
    config = uvicorn.Config(
        app, port=0, log_config=None, access_log=False, lifespan="off", ws="none", **options
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def until(happened: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Look again and again, and fail if it does not happen at all."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 (neither a pool nor a server tells by an event)
            await asyncio.sleep(0.01)


async def send(
    port: int, token: str, document: str, variables: dict[str, Any] | None = None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send a request, and leave it to the caller to wait for the answer."""
    body = json.dumps({"query": document, "variables": variables}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        "POST /graphql HTTP/1.1\r\nHost: inkwell\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    return reader, writer
