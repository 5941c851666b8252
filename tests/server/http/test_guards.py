"""Who may ask at all: hosts, origins, and what browsers are told beside the answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp

from server.app import create_app
from server.http.guards import AllowedHosts, Cors, SecurityHeaders
from server.settings import Environment, Settings

PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type, x-request-id, inkwell-cost",
}
APP = PlainTextResponse("there")


@asynccontextmanager
async def asking(app: ASGIApp) -> AsyncGenerator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://inkwell") as client:
        yield client


@pytest.mark.parametrize(
    ("hosts", "host", "allowed"),
    [
        (["api.example.com"], "api.example.com", True),
        (["api.example.com"], "API.Example.com:8000", True),
        (["api.example.com"], "api.example.com.", True),
        (["api.example.com"], "example.com", False),
        (["api.example.com"], "api.example.com.evil.example", False),
        (["api.example.com"], "evil.example:api.example.com", False),
        (["api.example.com"], "", False),
        (["*.example.com"], "a.b.example.com", True),
        (["*.example.com"], "example.com", False),
        (["*.example.com"], "evilexample.com", False),
        (["[::1]", "127.0.0.1"], "[::1]:8000", True),
        (["[::1]", "127.0.0.1"], "[::1]", True),
        (["[::1]", "127.0.0.1"], "127.0.0.1:80", True),
        (["[::1]", "127.0.0.1"], "[::2]:8000", False),
        (["*"], "anything.example", True),
        ([], "anything.example", False),
    ],
)
async def test_only_hosts_that_are_named_are_served(
    hosts: Sequence[str], host: str, *, allowed: bool
) -> None:
    """A page whose name was bound anew to our address sends its own name along."""
    async with asking(AllowedHosts(APP, hosts)) as client:
        response = await client.get("/", headers={"Host": host})

    assert response.status_code == (200 if allowed else 400)
    assert allowed or "ALLOWED_HOSTS" in response.json()["errors"][0]["message"]


async def test_two_hosts_are_none() -> None:
    """A proxy may have looked at the other one."""
    headers = [("Host", "localhost"), ("Host", "localhost")]

    async with asking(AllowedHosts(APP, ["localhost"])) as client:
        response = await client.get("/", headers=headers)

    assert response.status_code == 400


async def test_probes_are_answered_by_any_name() -> None:
    """What asks them knows an address and nothing more."""
    async with asking(AllowedHosts(APP, ["api.example.com"])) as client:
        answers = [await client.get(path) for path in ("/livez", "/readyz", "/graphql")]

    assert [each.status_code for each in answers] == [200, 200, 400]


@pytest.mark.parametrize(
    ("origins", "local", "origin", "allowed"),
    [
        (["https://example.com"], False, "https://example.com", True),
        (["https://example.com"], False, "https://example.com:444", False),
        (["https://example.com"], False, "http://example.com", False),
        (["https://example.com"], False, "https://evil.example", False),
        (["https://example.com"], False, "null", False),
        ([], False, "http://localhost:5173", False),
        ([], True, "http://localhost:5173", True),
        ([], True, "http://127.0.0.1", True),
        ([], True, "http://localhost.evil.example", False),
        ([], True, "http://localhost:5173.evil.example", False),
        (["*"], False, "https://anything.example", True),
    ],
)
async def test_pages_of_origins_that_are_named_may_ask(
    origins: Sequence[str], origin: str, *, local: bool, allowed: bool
) -> None:
    """Others are told so before they send anything, and can't read what they are answered."""
    headers = {"Origin": origin}

    async with asking(Cors(APP, origins=origins, local=local)) as client:
        before = await client.options("/graphql", headers={**headers, **PREFLIGHT})
        answer = await client.post("/graphql", headers=headers)

    granted = {each.headers.get("access-control-allow-origin") for each in (before, answer)}
    assert granted <= ({origin, "*"} if allowed else {None})
    assert before.status_code == (204 if allowed else 403)
    assert allowed or "CORS_ORIGINS" in before.json()["errors"][0]["message"]
    assert allowed or before.headers["content-type"] == "application/json; charset=utf-8"
    assert "access-control-allow-credentials" not in before.headers


async def test_a_page_may_read_what_its_program_needs() -> None:
    """Browsers hide headers that are not named."""
    async with asking(Cors(APP, origins=["*"], local=False)) as client:
        response = await client.post("/graphql", headers={"Origin": "https://example.com"})

    exposed = response.headers["access-control-expose-headers"]
    assert {*exposed.split(", ")} == {
        "Retry-After",
        "Server-Timing",
        "WWW-Authenticate",
        "X-Request-ID",
    }


async def test_browsers_are_told_to_guess_load_frame_and_keep_nothing() -> None:
    """An answer that is opened as a page does nothing there."""
    async with asking(SecurityHeaders(APP)) as client:
        headers = (await client.get("/")).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


async def test_what_an_app_says_itself_stands() -> None:
    """A page has a policy that fits it."""
    page = HTMLResponse("", headers={"Content-Security-Policy": "default-src 'self'"})

    async with asking(SecurityHeaders(page)) as client:
        headers = (await client.get("/")).headers

    assert headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("settings", "host", "status"),
    [
        ({}, "localhost:8000", 405),
        ({}, "192.0.2.1", 400),
        ({"host": "192.0.2.1"}, "192.0.2.1:8000", 405),
        ({"allowed_hosts": "a.example, *.b.example"}, "c.b.example", 405),
        ({"allowed_hosts": "a.example"}, "localhost", 400),
        ({"environment": Environment.PRODUCTION}, "anything.example", 405),
    ],
)
async def test_the_server_guards_itself_as_its_settings_say(
    settings: dict[str, Any], host: str, status: int
) -> None:
    """In development whoever builds is on this machine; in production a proxy is in front."""
    async with asking(create_app(Settings(**settings))) as client:
        response = await client.put("/graphql", headers={"Host": host})

    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/graphql", "/livez", "/missing"])
async def test_answers_are_guarded_whoever_makes_them(path: str) -> None:
    """The endpoint, which the router never sees, as well as Starlette; with and without a page."""
    async with asking(create_app(Settings(cors_origins="https://example.com"))) as client:
        answers = [
            await client.get(path, headers={"Host": "localhost", **headers})
            for headers in ({}, {"Origin": "https://example.com"}, {"Origin": "https://a.example"})
        ]

    assert all(each.headers["x-frame-options"] == "DENY" for each in answers)
    assert all(each.headers["vary"].endswith("Origin") for each in answers)
    granted = [each.headers.get("access-control-allow-origin") for each in answers]
    assert granted == [None, "https://example.com", None]


@pytest.mark.parametrize(
    ("settings", "origin", "status"),
    [
        ({}, "http://localhost:5173", 204),
        ({"cors_origins": "https://example.com"}, "http://localhost:5173", 403),
        ({"cors_origins": "https://example.com"}, "https://example.com", 204),
        ({"environment": Environment.PRODUCTION}, "http://localhost:5173", 403),
        ({"environment": Environment.PRODUCTION}, "https://example.com", 403),
    ],
)
async def test_in_production_no_page_may_ask_unless_it_is_named(
    settings: dict[str, Any], origin: str, status: int
) -> None:
    """In development those of this machine may, where front ends are built."""
    async with asking(create_app(Settings(**settings))) as client:
        headers = {**PREFLIGHT, "Origin": origin, "Host": "localhost"}
        response = await client.options("/graphql", headers=headers)

    assert response.status_code == status
