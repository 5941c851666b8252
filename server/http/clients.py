"""The client of a request: where it is, and whether it is still there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

import domain
from persistence.cancellation import finish

T = TypeVar("T")

log = logging.getLogger("inkwell.clients")


def client_of(scope: Scope, headers: Headers) -> domain.Client:
    """Tell where a request comes from, in text that can be kept: headers hold any bytes."""
    user_agent = domain.printable(headers.get("user-agent", ""))
    address = scope["client"][0] if scope.get("client") else "unknown"
    return domain.Client(address, user_agent.strip() or None)


async def while_connected(receive: Receive, operation: Coroutine[Any, Any, T]) -> T:
    """Run an operation, or cancel it when its client goes away and raise `ClientDisconnect`.

    Whichever happens, the operation has ended by then. The request's body has to be read before.
    """
    running = asyncio.create_task(operation)
    leaving = asyncio.create_task(departure(receive))
    try:
        await asyncio.wait({running, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            return running.result()
        raise ClientDisconnect
    finally:
        is_left = not running.done()
        running.cancel()
        leaving.cancel()
        result, _ = await finish(asyncio.gather(running, leaving, return_exceptions=True))
        if is_left and isinstance(result, Exception):
            log.error("A request that was given up did not end well", exc_info=result)


async def departure(receive: Receive) -> None:
    """Wait until the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
