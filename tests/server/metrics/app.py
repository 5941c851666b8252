"""The assembled server with metrics, and requests that leave something to be measured."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from pydantic import SecretStr
from starlette.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from tests.server.metrics.scraping import Scraped

FEED = "query Feed { posts { nodes { title author { username } } } }"
SIGN_UP = """mutation SignUp { signUp(input: {
  username: "ada", email: "ada@example.com", password: "plainly-fake"
}) { __typename ... on SignUpPayload { token } } }"""
SIGN_IN = """mutation SignIn($password: String!) {
  signIn(input: {login: "ada", password: $password}) { __typename }
}"""
RIGHT = {"password": "plainly-fake"}
WRITE = 'mutation Write { createPost(input: {title: "Hello", body: "x"}) { __typename } }'


@contextmanager
def measured(url: str, **settings: Any) -> Generator[TestClient]:
    """Serve with metrics in this process."""
    told = {"metrics": True, "allowed_hosts": "testserver", **settings}
    app = create_app(Settings(_env_file=None, database_url=SecretStr(url), **told))
    with TestClient(app) as client:
        yield client


def ask(client: TestClient, query: str, token: str | None = None, **variables: Any) -> Any:
    """Run an operation; returns the JSON of its answer."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    sent = {"query": query, "variables": variables}
    return client.post("/graphql", json=sent, headers=headers).json()


def scraped(client: TestClient) -> Scraped:
    return Scraped(client.get("/metrics").text)


def use_everything(client: TestClient) -> None:
    """Have something of each kind happen."""
    token = ask(client, SIGN_UP)["data"]["signUp"]["token"]
    ask(client, SIGN_IN, **RIGHT)
    ask(client, WRITE, token)
    ask(client, FEED, token)
    ask(client, FEED)
    ask(client, "{ nope }")
