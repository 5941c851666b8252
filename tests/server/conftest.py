"""The GraphQL endpoint in front of a test's database, within its event loop."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.types import ASGIApp, Receive, Scope, Send

import domain
from persistence import Database
from schema import schema
from server.authentication import Authentication
from server.http.endpoint import GraphQLEndpoint, HttpLimits
from server.operations import OperationLimits, Operations
from tests.databases import migrate


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """A file with its tables, for processes that serve."""
    url = f"sqlite+aiosqlite:///{tmp_path}/inkwell.db"
    await migrate(url)
    return url


@pytest.fixture
async def authentication(database: Database) -> AsyncGenerator[Authentication]:
    """Tells viewers by the sessions of the test's database."""
    async with Authentication.over(database) as authentication:
        yield authentication


@pytest.fixture
def endpoint(
    database: Database, authentication: Authentication, accounts: domain.Accounts
) -> ASGIApp:
    """The endpoint, with the state that the server's lifespan gives it."""
    return endpoint_over(database, authentication, accounts)


def endpoint_over(
    database: Database,
    authentication: Authentication,
    accounts: domain.Accounts,
    http_limits: HttpLimits | None = None,
    operation_limits: OperationLimits | None = None,
) -> ASGIApp:
    """The endpoint in front of any database."""
    operations = Operations(schema, operation_limits or OperationLimits(), introspection=True)
    endpoint = GraphQLEndpoint(operations, http_limits or HttpLimits())
    state = {"database": database, "authentication": authentication, "accounts": accounts}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"] = state
            await endpoint(scope, receive, send)

    return app


@pytest.fixture
async def client(endpoint: ASGIApp) -> AsyncGenerator[AsyncClient]:
    """A client of it, over HTTP but for the network."""
    async with AsyncClient(transport=ASGITransport(endpoint), base_url="http://inkwell") as client:
        yield client
