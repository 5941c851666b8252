"""The endpoint when things go wrong: bodies that do not come, and bugs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import cast

from httpx2 import ASGITransport, AsyncClient

import domain
from persistence import Database
from server.authentication import Authentication
from server.http.endpoint import HttpLimits
from tests.factories import Store
from tests.server.conftest import endpoint_over


async def test_a_body_that_does_not_arrive_is_not_waited_for(
    store: Store, accounts: domain.Accounts
) -> None:
    """A client that sends a byte a minute holds nothing."""
    kept = cast("Database", store)

    async def stalled() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with Authentication.over(kept) as authentication:
        endpoint = endpoint_over(kept, authentication, accounts, HttpLimits(seconds=0.1))
        async with AsyncClient(
            transport=ASGITransport(endpoint), base_url="http://inkwell"
        ) as client:
            response = await client.post(
                "/graphql", content=stalled(), headers={"Content-Type": "application/json"}
            )

    assert (response.status_code, response.headers["connection"]) == (408, "close")
    assert response.json()["errors"][0]["extensions"] == {"code": "TIMEOUT"}
