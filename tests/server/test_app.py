"""The assembled server, over HTTP."""

from __future__ import annotations

import gc

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from persistence import Database
from server import demo
from server.app import app_from_environment, create_app
from server.settings import Environment, Settings
from tests.factories import Given

BROWSER = {"accept": "text/html"}


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=SecretStr(database_url), allowed_hosts="testserver")


async def test_a_post_is_answered_from_the_database(
    database: Database, settings: Settings, given: Given
) -> None:
    """Variables and operation names as every client sends them."""
    await given.a_post(by=await given.a_user(), title="A title")
    body = {
        "query": "query A { viewer { id } } "
        "query B($n: Int) { posts(first: $n) { nodes { title } } }",
        "operationName": "B",
        "variables": {"n": 1},
    }

    with TestClient(create_app(settings)) as client:
        response = client.post("/graphql", json=body)

    assert response.status_code == 200
    assert response.json() == {"data": {"posts": {"nodes": [{"title": "A title"}]}}}


def test_errors_are_told_as_graphql_tells_them(settings: Settings) -> None:
    """With their code, where programs look for it."""
    with TestClient(create_app(settings)) as client:
        response = client.post("/graphql", json={"query": "{ posts(first: -1) { totalCount } }"})

    assert response.json() == {
        "data": None,
        "errors": [
            {
                "message": "Argument `first`: from 0 to 100.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["posts"],
                "extensions": {"code": "BAD_USER_INPUT"},
            }
        ],
    }


def test_a_browser_finds_graphiql_in_development(settings: Settings) -> None:
    """At the bare address too."""
    with TestClient(create_app(settings)) as client:
        page = client.get("/", headers=BROWSER)

    assert page.url.path == "/graphql"
    assert "graphiql" in page.text.lower()
    assert page.headers["content-security-policy"] == "frame-ancestors 'none'"  # it may load


def test_production_serves_no_graphiql(settings: Settings) -> None:
    """The explorer is for those who build, not for the world."""
    in_production = settings.model_copy(update={"environment": Environment.PRODUCTION})

    with TestClient(create_app(in_production)) as client:
        page, root = client.get("/graphql", headers=BROWSER), client.get("/", headers=BROWSER)

    assert page.status_code == 406 and "graphiql" not in page.text.lower()
    assert root.status_code == 404


def test_a_worker_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process makes its own app, from what they all were given."""
    monkeypatch.setenv("ENVIRONMENT", "production")

    paths = {getattr(route, "path", "") for route in app_from_environment().routes}
    gc.unfreeze()  # for other tests, which look for what is left over

    assert paths == {"/graphql", "/livez", "/readyz"}


def test_whoever_signs_up_is_known_from_then_on(database: Database, settings: Settings) -> None:
    """With the passwords, the limits and the sessions that the server is made of."""
    limited = settings.model_copy(update={"sign_up_limit_per_address": "1 per day"})

    with TestClient(create_app(limited)) as client:
        signed_up = client.post("/graphql", json={"query": sign_up("ada")}).json()
        token = signed_up["data"]["signUp"]["token"]
        headers = {"Authorization": f"Bearer {token}"}
        viewer = client.post("/graphql", json={"query": "{ viewer { username } }"}, headers=headers)
        again = client.post("/graphql", json={"query": sign_up("grace")}).json()

    assert viewer.json() == {"data": {"viewer": {"username": "ada"}}}
    assert again["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert 1 <= again["errors"][0]["extensions"]["retryAfterSeconds"] <= 24 * 60 * 60


def sign_up(username: str) -> str:
    return f"""mutation {{ signUp(input: {{
      username: "{username}", email: "{username}@example.com", password: "{demo.PASSWORD}"
    }}) {{ ... on SignUpPayload {{ token }} }} }}"""


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x"}])
def test_graphiql_loads_whoever_asks(settings: Settings, headers: dict[str, str]) -> None:
    """The page holds nothing of anybody's; its requests are looked at."""
    with TestClient(create_app(settings)) as client:
        page = client.get("/graphql", headers=BROWSER | headers)

    assert page.status_code == 200 and "graphiql" in page.text.lower()
