"""The endpoint when things go wrong: bodies that do not come, and bugs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import cast

import pytest
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


async def test_a_bug_beside_the_fields_is_500_and_masked(
    anyone: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The client gets an id; what happened stands in the log, under the same id, once."""

    def broken(self: object, *args: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("server.http.endpoint.Context.__init__", broken)

    with caplog.at_level(logging.ERROR):
        response = await anyone.post("/graphql", json={"query": "{ __typename }"})

    (error,) = response.json()["errors"]
    assert (response.status_code, response.json().keys()) == (500, {"errors"})
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "secret" not in response.text
    (record,) = caplog.records
    assert error["extensions"]["errorId"] in record.getMessage()
    assert record.exc_info and "secret detail" in str(record.exc_info[1])
