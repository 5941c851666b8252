"""The server as it is deployed, in front of a database that fails, and clients that keep asking."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from httpx2 import ASGITransport, AsyncClient, Response
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from starlette.types import ASGIApp, Receive, Scope, Send

import domain
from persistence import Base, Database
from server.app import create_app, opened
from server.settings import Settings
from tests.factories import Given, global_id

COMMENTS = Base.metadata.tables["comments"]
PATIENCE_SECONDS = 30  # with an answer that never comes
READ = "{ posts(first: 5) { nodes { title author { username } } } }"
WRITE = """mutation ($postId: ID!, $body: String!) {
  addComment(input: {postId: $postId, body: $body}) {
    ... on AddCommentPayload { comment { body author { username } post { title } } }
  }
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a client was told, and when; times are those of the event loop."""

    asked_at: float
    answered_at: float
    status: int
    errors: Sequence[dict[str, Any]]
    retry_after: str | None

    @property
    def seconds(self) -> float:
        return self.answered_at - self.asked_at

    @property
    def is_good(self) -> bool:
        return self.status == 200 and not self.errors

    @property
    def codes(self) -> set[str]:
        return {error["extensions"]["code"] for error in self.errors}

    @property
    def may_be_saved(self) -> bool:
        return any(error["extensions"].get("mayBeSaved") for error in self.errors)


class Service:
    """The GraphQL endpoint, asked over HTTP by somebody who is signed in."""

    def __init__(
        self, client: AsyncClient, database: Database, *, token: str, post: domain.Post, url: str
    ) -> None:
        self.database = database
        self.post = post
        self.url = url
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, document: str, **variables: Any) -> Answer:
        body = {"query": document, "variables": variables}
        asked_at = now()
        async with asyncio.timeout(PATIENCE_SECONDS):
            response = await self._client.post("/graphql", json=body, headers=self._headers)
        return answer_of(response, asked_at)

    async def read(self) -> Answer:
        return await self.ask(READ)

    async def write(self, body: str) -> Answer:
        """Add a comment, and read it back in the payload."""
        return await self.ask(WRITE, postId=global_id("Post", self.post.id), body=body)

    async def written(self) -> Counter[str]:
        """Count the comments there are, by what they say; over a connection that is new."""
        async with create_async_engine(self.url, poolclass=NullPool).connect() as connection:
            return Counter(await connection.scalars(select(COMMENTS.c.body)))


@asynccontextmanager
async def served(
    url: str, *, anew: bool = False, user: str | None = None, **settings: Any
) -> AsyncGenerator[Service]:
    """Serve a database with the settings that operators have by default.

    If it is `anew`, it gets its tables first; the user is new to it.
    """
    chosen = Settings(database_url=SecretStr(url), allowed_hosts="inkwell", **settings)
    app, token = create_app(chosen), domain.new_token()
    async with opened(chosen) as state:
        if anew:
            async with state["database"].writing() as connection:
                await connection.run_sync(Base.metadata.create_all)
        given = Given(state["database"])
        ada = await given.a_user(username=user)
        await given.a_session(of=ada, token=token, at=datetime.now(UTC))
        transport = ASGITransport(with_state(app, {**state}))
        async with AsyncClient(transport=transport, base_url="http://inkwell") as client:
            post = await given.a_post(by=ada)
            yield Service(client, state["database"], token=token, post=post, url=url)


def with_state(app: ASGIApp, state: dict[str, Any]) -> ASGIApp:
    """Give requests what the lifespan of the server would."""

    async def stateful(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": state}, receive, send)

    return stateful


def answer_of(response: Response, asked_at: float) -> Answer:
    return Answer(
        asked_at=asked_at,
        answered_at=now(),
        status=response.status_code,
        errors=response.json().get("errors", ()),
        retry_after=response.headers.get("retry-after"),
    )


def now() -> float:
    return asyncio.get_running_loop().time()
