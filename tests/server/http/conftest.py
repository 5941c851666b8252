"""The endpoint in front of the store in memory, where the protocol is the point."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import cast

import pytest
from httpx2 import ASGITransport, AsyncClient

import domain
from persistence import Database
from server.authentication import Authentication
from tests.factories import Store
from tests.server.conftest import endpoint_over


@pytest.fixture
async def anyone(store: Store, accounts: domain.Accounts) -> AsyncGenerator[AsyncClient]:
    """A client that shows no token."""
    kept = cast("Database", store)  # as far as requests need one
    async with Authentication.over(kept) as authentication:
        transport = ASGITransport(endpoint_over(kept, authentication, accounts))
        async with AsyncClient(transport=transport, base_url="http://inkwell") as client:
            yield client
