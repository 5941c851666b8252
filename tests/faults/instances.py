"""Instances of the server, as a load balancer has several, and which database each asks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr
from sqlalchemy import Engine, event

from server.app import create_app, opened
from server.settings import Settings
from tests.faults.service import with_state
from tests.servers.database import DatabaseServer

TESTS_USER = "inkwell"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client was answered, and after how many seconds."""

    status: int
    body: dict[str, Any]
    seconds: float

    @property
    def data(self) -> Any:
        """What was asked for; an error of any kind fails the test."""
        assert self.status == 200 and "errors" not in self.body, self
        return self.body["data"]


class Instance:
    """One process's server, and a client of it."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def ask(self, query: str, token: str | None = None, **variables: Any) -> Answer:
        """Send an operation, signed in or not."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        began = monotonic()
        response = await self._client.post("/graphql", json=body, headers=headers)
        return Answer(response.status_code, response.json(), monotonic() - began)


@asynccontextmanager
async def an_instance(
    url: str, *, replicas: Sequence[str] = (), **settings: Any
) -> AsyncGenerator[Instance]:
    """Serve as the settings say, and with many connections of each kind."""
    given = Settings(
        _env_file=None,
        database_url=SecretStr(url),
        database_replica_url=SecretStr(",".join(replicas)),
        allowed_hosts="inkwell",
        **settings,
    )
    app = create_app(given)
    async with opened(given) as state:
        transport = ASGITransport(with_state(app, {**state}))
        async with AsyncClient(transport=transport, base_url="http://inkwell") as client:
            yield Instance(client)


class Asked:
    """The statements that servers were sent, by their ports; not those of an admin."""

    def __init__(self) -> None:
        self._statements: list[tuple[int | None, str]] = []

    def note(self, conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        url = conn.engine.url
        if url.username == TESTS_USER:
            self._statements.append((url.port, statement))

    def of(self, *servers: DatabaseServer) -> list[str]:
        """What these servers were sent."""
        ports = {server.port for server in servers}
        return [statement for port, statement in self._statements if port in ports]

    def clear(self) -> None:
        """Forget what was sent so far."""
        self._statements.clear()


@contextmanager
def recorded() -> Generator[Asked]:
    """Take note of what is sent while the block runs."""
    asked = Asked()
    event.listen(Engine, "before_cursor_execute", asked.note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", asked.note)
