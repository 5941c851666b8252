"""The endpoint of development, which traces, in front of a test's database."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.types import ASGIApp, Receive, Scope, Send

import domain
from persistence import Database
from schema import schema
from server.authentication import Authentication
from server.explorer.endpoint import ExplorerEndpoint
from server.explorer.explaining import EXPLAIN, Explain
from server.explorer.statements import KeptStatements
from server.http.endpoint import HttpLimits
from server.operations import OperationLimits, Operations


@pytest.fixture
def explorer(
    database: Database, authentication: Authentication, accounts: domain.Accounts
) -> ASGIApp:
    """Both endpoints, with the state that the server's lifespan gives them."""
    return explorer_over(database, authentication, accounts, HttpLimits())


def explorer_over(
    database: Database,
    authentication: Authentication,
    accounts: domain.Accounts,
    limits: HttpLimits,
) -> ASGIApp:
    """Both endpoints, in front of any database."""
    statements = KeptStatements()
    operations = Operations(schema, OperationLimits(), introspection=True)
    graphql = ExplorerEndpoint(operations, limits, page=None, statements=statements)
    explain = Explain(statements, seconds=limits.seconds)
    state = {"database": database, "authentication": authentication, "accounts": accounts}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"] = state
            await (explain if scope["path"] == EXPLAIN else graphql)(scope, receive, send)

    return app


@pytest.fixture
async def client(explorer: ASGIApp) -> AsyncGenerator[AsyncClient]:
    """A client of them, over HTTP but for the network."""
    async with AsyncClient(transport=ASGITransport(explorer), base_url="http://inkwell") as client:
        yield client
