"""The client of a request: where it is, and whether it is still there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import TypeVar

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

import domain

T = TypeVar("T")

log = logging.getLogger("inkwell.clients")


def client_of(scope: Scope, headers: Headers) -> domain.Client:
    """Tell where a request comes from, in text that can be kept: headers hold any bytes."""
    user_agent = domain.printable(headers.get("user-agent", ""))
    address = scope["client"][0] if scope.get("client") else "unknown"
    return domain.Client(address, user_agent.strip() or None)


async def while_connected(receive: Receive, operation: Awaitable[T]) -> T:
    """Await an operation, or cancel it when its client goes away and raise `ClientDisconnect`.

    Whichever happens, the operation has ended by then. The request's body has to be read before.
    """
    answering = asyncio.current_task()
    is_left = False

    async def watch() -> None:
        nonlocal is_left
        await departure(receive)
        is_left = True
        if answering is not None:
            answering.cancel()

    watching = asyncio.create_task(watch())
    try:
        result = await operation
    except asyncio.CancelledError:
        if not is_left or answering is None or answering.uncancel():
            raise  # somebody else cancels as well
    except Exception:
        if not is_left:
            raise
        log.exception("A request that was given up did not end well")
    else:
        return result
    finally:
        watching.cancel()
    raise ClientDisconnect


async def departure(receive: Receive) -> None:
    """Wait until the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
