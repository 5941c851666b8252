"""What ends a request before it is answered, on our own connections."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from typing import cast

import pytest
from httpx2 import AsyncClient
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

import domain
from persistence import Database
from server.authentication import Authentication
from server.http.connections import HttpConnection
from server.http.exchanges import Exchange
from server.http.request_log import RequestLog
from server.http.watches import DEPARTURE, Departure, OutOfTime, Watch
from tests.factories import Store
from tests.server.conftest import endpoint_over
from tests.server.sockets import serving

REQUEST = b"GET / HTTP/1.1\r\nHost: inkwell\r\n\r\n"
OURS = (Exchange, Watch)  # which know everything else of a request


async def silent() -> Message:
    """Receive nothing, ever."""
    await asyncio.Event().wait()
    return {}


async def test_our_connections_tell_of_a_departure_without_a_task() -> None:
    """One for each request would cost as much as the rest of a small one."""
    waiting, ended = asyncio.Event(), asyncio.Event()
    tasks: set[str] = set()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(ClientDisconnect), Watch(60) as watch:
            watch.listen(scope, receive)
            waiting.set()
            tasks.update(repr(task.get_coro()) for task in asyncio.all_tasks())
            await watch.over(asyncio.Event().wait())
        ended.set()

    async with asyncio.timeout(5), serving(app, http=HttpConnection) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        await waiting.wait()
        writer.close()
        await ended.wait()

    assert not [each for each in tasks if "Watch" in each]


async def test_a_client_that_has_gone_before_is_not_waited_for() -> None:
    """A GET has no body whose end would tell."""
    departure = Departure()
    departure.happen()

    with pytest.raises(ClientDisconnect), Watch(60) as watch:
        watch.listen({"extensions": {DEPARTURE: departure}}, silent)
        await watch.over(asyncio.Event().wait())


async def test_what_takes_too_long_is_stopped() -> None:
    """Though its client is there."""
    with pytest.raises(OutOfTime), Watch(0.05) as watch:
        watch.listen({}, silent)
        await watch.over(asyncio.Event().wait())


async def test_what_follows_has_its_whole_time() -> None:
    """A body that came slowly takes none away from the operation."""
    loop = asyncio.get_running_loop()

    with Watch(0.2) as watch:
        began = loop.time()
        with pytest.raises(TimeoutError):
            await watch.over(asyncio.wait_for(asyncio.Event().wait(), 0.1))
        watch.begin_anew()
        with pytest.raises(OutOfTime):
            await watch.over(asyncio.Event().wait())

    assert loop.time() - began >= 0.3


async def test_who_else_cancels_is_heard() -> None:
    """A server that ends is no client that leaves."""
    begun = asyncio.Event()

    async def answer() -> None:
        with Watch(60) as watch:
            watch.listen({}, silent)
            begun.set()
            await watch.over(asyncio.Event().wait())

    answering = asyncio.create_task(answer())
    await begun.wait()
    answering.cancel()

    with pytest.raises(asyncio.CancelledError):
        await answering


async def test_an_answered_request_is_gone_without_a_collection(
    store: Store, accounts: domain.Accounts
) -> None:
    """Cycles of references wait for the collector, whose pauses are what the slowest meet."""
    kept = cast("Database", store)
    bodies = ['{"query": "{ __typename }"}', '{"query": "{ nope }"}', "{"]
    headers = {"Content-Type": "application/json"}

    async with Authentication.over(kept) as authentication:
        app = RequestLog(endpoint_over(kept, authentication, accounts))
        async with (
            serving(app, http=HttpConnection) as port,
            AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client,
        ):
            gc.collect()
            gc.disable()
            try:
                for body in bodies * 10:
                    await client.post("/graphql", content=body)
                left = Counter(type(each) for each in gc.get_objects() if isinstance(each, OURS))
            finally:
                gc.enable()

    assert left <= Counter({Exchange: 1})  # the connection's last
