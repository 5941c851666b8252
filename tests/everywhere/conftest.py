"""The same data on every database of the run, and the endpoint in front of each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import AsyncExitStack, ExitStack
from itertools import zip_longest
from typing import Any, TypeAlias

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

import domain
from persistence import Database
from persistence.bulk import bulk_load
from server.authentication import Authentication
from server.operations import OperationLimits
from tests.conftest import SMALL_POOL, SURVEY, create_tables
from tests.databases import new_database
from tests.everywhere.lists import Request
from tests.everywhere.rows import rows
from tests.server.conftest import endpoint_over

AMPLE = OperationLimits(cost=100_000, values=1_000_000)

Answer: TypeAlias = Mapping[str, Any]

EXCERPT = 60


class Everywhere:
    """Sends each request to every database, and holds their answers against SQLite's."""

    def __init__(self, clients: Mapping[str, AsyncClient]) -> None:
        self._clients = clients
        self.requests = 0
        self.differences: list[str] = []

    async def ask(self, request: Request) -> Answer:
        """Collect the databases that do not answer to the byte as SQLite does.

        Returns one of the answers: in turns, so that a cursor that one database gave is used on
        all of them.
        """
        responses = {name: await send(client, request) for name, client in self._clients.items()}
        expected = responses["sqlite"]
        for name, response in responses.items():
            if difference := difference_of(response, expected):
                self.differences.append(f"{request}\n  {name}, not as SQLite: {difference}")
        self.requests += 1
        chosen = [*responses.values()][self.requests % len(responses)]
        answer: Answer = json.loads(chosen.content)
        return answer


def difference_of(response: Response, expected: Response) -> str | None:
    """Show where an answer begins to be another; None if it is the same to the byte."""
    found = (response.status_code, response.content)
    if found == (expected.status_code, expected.content):
        return None
    pairs = zip_longest(response.text, expected.text)
    where = next((n for n, (one, other) in enumerate(pairs) if one != other), 0)
    excerpt = slice(max(where - EXCERPT, 0), where + EXCERPT)
    return f"{response.status_code} {response.text[excerpt]} instead of {expected.text[excerpt]}"


async def send(client: AsyncClient, request: Request) -> Response:
    headers = {"Authorization": f"Bearer {request.token}"} if request.token else {}
    body = {"query": request.document, "variables": request.variables}
    return await client.post("/graphql", json=body, headers=headers)


@pytest.fixture
def urls(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Mapping[str, str]]:
    """A new database on each server, so that the keys it makes begin at the same number."""
    backends = pytestconfig.stash[SURVEY].backends
    if len(backends) == 1:
        pytest.skip("No server answers that SQLite could be compared with.")
    with ExitStack() as databases:
        urls = {}
        for backend in backends:
            directory = tmp_path_factory.mktemp(backend.id)
            url = databases.enter_context(new_database(backend, directory, suffix="_same"))
            asyncio.run(create_tables(url))
            urls[backend.label] = url.render_as_string(hide_password=False)
        yield urls


@pytest.fixture
async def everywhere(
    urls: Mapping[str, str], accounts: domain.Accounts
) -> AsyncGenerator[Everywhere]:
    """The rows on every database, and a client of each."""
    async with AsyncExitStack() as opened:
        clients = {}
        for name, url in urls.items():
            database = await opened.enter_async_context(Database.connect(url, SMALL_POOL))
            async with bulk_load(database) as load:
                for table, content in rows().items():
                    await load.load(table, content, on_batch=lambda loaded: None)
            authentication = await opened.enter_async_context(Authentication.over(database))
            endpoint = endpoint_over(database, authentication, accounts, operation_limits=AMPLE)
            transport = ASGITransport(endpoint)
            client = AsyncClient(transport=transport, base_url="http://inkwell")
            clients[name] = await opened.enter_async_context(client)
        yield Everywhere(clients)
