"""The assembled server, over HTTP."""

from __future__ import annotations

import gc
import gzip
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from persistence import Database
from server import demo
from server.app import app_from_environment, create_app
from server.http.requests import TRACE_HEADER
from server.settings import Environment, Settings
from tests.factories import Given

BROWSER = {"accept": "text/html"}
MISSING = ("no.js", "page-1.js.gz", "a" * 300, "..%2Findex.html", "%2E%2E%2F", "%00", "")
PAGE = '<html lang="en" data-traces="on">'


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=SecretStr(database_url), allowed_hosts="testserver")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """An explorer that was built, though a small one."""
    assets = tmp_path / "explorer"
    assets.mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (assets / "page-1.js").write_text("let page")
    (assets / "page-1.js.gz").write_bytes(gzip.compress(b"let page"))
    return tmp_path


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


def test_a_browser_finds_the_explorer_in_development(settings: Settings, built: Path) -> None:
    """At the bare address too; it loads nothing from elsewhere."""
    with TestClient(create_app(settings, explorer=built)) as client:
        page = client.get("/", headers=BROWSER)

    assert page.url.path == "/graphql"
    assert page.text == PAGE
    assert "default-src 'none'; script-src 'self';" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


def test_a_browser_finds_a_plain_page_where_none_was_built(
    settings: Settings, tmp_path: Path
) -> None:
    """Who has no node builds none; this page loads its program from other hosts."""
    with TestClient(create_app(settings, explorer=tmp_path)) as client:
        page = client.get("/graphql", headers=BROWSER)

    assert "graphiql" in page.text.lower()
    assert page.headers["content-security-policy"] == "frame-ancestors 'none'"


def test_the_explorer_finds_its_files(settings: Settings, built: Path) -> None:
    """Named after what is in them, so that browsers need not ask again; small for who takes it."""
    with TestClient(create_app(settings, explorer=built)) as client:
        plain = client.get("/explorer/page-1.js", headers={"accept-encoding": "identity"})
        small = client.get("/explorer/page-1.js", headers={"accept-encoding": "gzip, br"})
        missing = [client.get(f"/explorer/{name}") for name in MISSING]

    assert (plain.text, small.text) == ("let page", "let page")
    assert "content-encoding" not in plain.headers and small.headers["content-encoding"] == "gzip"
    for each in (plain, small):
        assert each.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert each.headers["content-type"].startswith("text/javascript")
        assert "script-src 'self'" in each.headers["content-security-policy"]  # as for workers
        assert each.headers["vary"] == "Accept-Encoding"
    assert {each.status_code for each in missing} == {404}
    assert "no-store" in missing[0].headers["cache-control"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("GZIP", "gzip"), ("br, gzip;q=0.5", "gzip"), ("gzip;q=0", None), ("br", None), ("", None)],
)
def test_files_are_compressed_for_those_who_take_that(
    settings: Settings, built: Path, accepted: str, encoding: str | None
) -> None:
    """As they say, and not as it looks."""
    with TestClient(create_app(settings, explorer=built)) as client:
        file = client.get("/explorer/page-1.js", headers={"accept-encoding": accepted})

    assert (file.text, file.headers.get("content-encoding")) == ("let page", encoding)


def test_the_explorer_may_be_built_anew(settings: Settings, built: Path) -> None:
    """Whoever works on it need not restart the server; old files are gone then."""
    page, assets = built / "index.html", built / "explorer"
    with TestClient(create_app(settings, explorer=built)) as client:
        page.unlink()
        meanwhile = client.get("/graphql", headers=BROWSER)
        page.write_text("new")
        (assets / "page-1.js").rename(assets / "page-2.js")
        afterwards = [
            client.get(path, headers=BROWSER)
            for path in ("/graphql", "/explorer/page-2.js", "/explorer/page-1.js")
        ]

    assert meanwhile.status_code == 200 and "being built" in meanwhile.text
    assert [each.status_code for each in afterwards] == [200, 200, 404]
    assert afterwards[0].text == "new"


def test_production_serves_no_explorer_unless_told(settings: Settings, built: Path) -> None:
    """It is for those who build, not for the world."""
    in_production = settings.model_copy(update={"environment": Environment.PRODUCTION})

    with TestClient(create_app(in_production, explorer=built)) as client:
        page, root = client.get("/graphql", headers=BROWSER), client.get("/", headers=BROWSER)
        file = client.get("/explorer/page-1.js")

    assert page.status_code == 406 and "graphiql" not in page.text.lower()
    assert [root.status_code, file.status_code] == [404, 404]


def test_production_explores_but_tells_no_costs(settings: Settings, built: Path) -> None:
    """SQL is not for strangers: neither asked for nor told, whatever a header says."""
    told = {"environment": Environment.PRODUCTION, "explorer": True}

    with TestClient(create_app(settings.model_copy(update=told), explorer=built)) as client:
        page = client.get("/graphql", headers=BROWSER)
        answer = client.post(
            "/graphql", json={"query": "{ __typename }"}, headers={TRACE_HEADER: "1"}
        )
        explained = client.post("/explorer/explain", json={"statement": "x"})

    assert page.text == PAGE.replace('"on"', '"off"')
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert explained.status_code == 405  # as there are files only


def test_production_serves_no_page_that_loads_from_elsewhere(
    settings: Settings, tmp_path: Path
) -> None:
    """Whoever takes over that host would read what visitors do here."""
    told = {"environment": Environment.PRODUCTION, "explorer": True}

    with TestClient(create_app(settings.model_copy(update=told), explorer=tmp_path)) as client:
        page = client.get("/graphql", headers=BROWSER)

    assert page.status_code == 406


def test_development_tells_costs_to_those_who_ask(settings: Settings) -> None:
    """Over the assembled server."""
    with TestClient(create_app(settings)) as client:
        answer = client.post(
            "/graphql",
            json={"query": "{ posts { totalCount } }"},
            headers={TRACE_HEADER: "1"},
        ).json()
        (statement,) = answer["extensions"]["trace"]["statements"]
        explained = client.post("/explorer/explain", json={"statement": statement["explain"]})

    assert statement["sql"].startswith("SELECT count(*)")
    assert explained.json()["plan"]


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
def test_the_explorer_loads_whoever_asks(
    settings: Settings, built: Path, headers: dict[str, str]
) -> None:
    """The page holds nothing of anybody's; its requests are looked at."""
    with TestClient(create_app(settings, explorer=built)) as client:
        page = client.get("/graphql", headers=BROWSER | headers)

    assert (page.status_code, page.text) == (200, PAGE)
