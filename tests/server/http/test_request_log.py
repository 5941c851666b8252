"""A line per request, and the id that it shares with its answer."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from typing import Any, TypeAlias
from urllib.parse import quote

import pytest
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

import domain
from server.app import create_app
from server.http.request_log import RequestLog, RequestRecord, current_record
from server.logs import JsonFormatter
from server.settings import Settings
from tests.factories import Given
from tests.server.sockets import serving, until

Lines: TypeAlias = Callable[[], list[dict[str, Any]]]

GIVEN = re.compile(r"[0-9a-f]{16}")


@pytest.fixture
def lines() -> Generator[Lines]:
    """What has been logged up to now, by us and by the server, as programs read it."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    loggers = [logging.getLogger(name) for name in ("inkwell", "uvicorn.error")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().split("\n")[:-1]]
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def client_of(app: ASGIApp) -> AsyncClient:
    transport = ASGITransport(RequestLog(app), raise_app_exceptions=False)
    return AsyncClient(transport=transport, base_url="http://inkwell")


def record() -> RequestRecord:
    """The current request's record, which there has to be."""
    current = current_record()
    assert current is not None
    return current


async def answer_ok(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("ok")(scope, receive, send)


async def fail(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("a bug")


async def test_a_request_is_a_line_with_all_that_came_of_it(lines: Lines) -> None:
    """Whoever answers it fills in what they know, in whichever of its tasks."""

    async def execute() -> None:
        record().statements, record().rows = 5, 61
        record().error_codes = ["NOT_FOUND"]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        record().operation_type, record().operation_name = "query", "Feed"
        record().document_hash, record().user_id = "abc", 17
        await asyncio.create_task(execute())
        await answer_ok(scope, receive, send)

    async with client_of(app) as client:
        response = await client.post("/graphql")

    (line,) = lines()
    assert line.pop("time") and line.pop("duration_ms") > 0
    assert line == {
        "level": "INFO",
        "logger": "inkwell.requests",
        "message": "POST /graphql 200",
        "request_id": response.headers["x-request-id"],
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "operation_type": "query",
        "operation_name": "Feed",
        "document_hash": "abc",
        "error_codes": ["NOT_FOUND"],
        "statements": 5,
        "rows": 61,
        "user_id": 17,
    }


async def test_the_endpoint_fills_in_what_it_ran(
    lines: Lines, endpoint: ASGIApp, given: Given
) -> None:
    """And of what it refused, by which name and text it would have gone."""
    ada, token = await given.a_user(), domain.new_token()
    await given.a_session(of=ada, token=token, at=datetime.now(UTC))
    await given.a_post(by=ada)
    feed = "query Feed { posts { nodes { author { id } } } }"
    broken = {"query": "query Broken { nope }", "operationName": "Broken"}

    async with client_of(endpoint) as client:
        headers = {"Authorization": f"Bearer {token}"}
        await client.post("/graphql", json={"query": feed}, headers=headers)
        await client.post("/graphql", json=broken)

    ran, refused = lines()
    assert (ran["operation_type"], ran["operation_name"]) == ("query", "Feed")
    assert ran["document_hash"] == sha256(feed.encode()).hexdigest()[:16]
    assert (ran["statements"], ran["rows"], ran["user_id"]) == (3, 3, ada.id)
    assert (ran["status"], ran["error_codes"]) == (200, [])
    assert (refused["operation_type"], refused["operation_name"]) == (None, "Broken")
    assert refused["document_hash"] == sha256(broken["query"].encode()).hexdigest()[:16]
    assert refused["error_codes"] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_what_the_guards_refuse_says_so(lines: Lines) -> None:
    """An operator who sees only 400s would look for them in the programs."""
    app = create_app(Settings(_env_file=None))
    preflight = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}

    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as client:
        await client.post("/graphql", headers={"Host": "a.example"})
        await client.options("/graphql", headers=preflight)

    told = [(line["status"], line["error_codes"]) for line in lines()]
    assert told == [(400, ["BAD_USER_INPUT"]), (403, ["BAD_USER_INPUT"])]


@pytest.mark.parametrize("given", ["a", "Za9._-", "x" * 64])
async def test_a_request_keeps_the_id_that_it_came_with(lines: Lines, given: str) -> None:
    """A proxy's log and ours tell of the same request."""
    async with client_of(answer_ok) as client:
        response = await client.get("/", headers={"X-Request-ID": given})

    assert response.headers.get_list("x-request-id") == [given]
    assert [line["request_id"] for line in lines()] == [given]


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", "a;b", "ä", "a\r\nb: c"])
async def test_an_id_that_could_be_anything_is_replaced(lines: Lines, given: str) -> None:
    """It ends up in a log and in a header, so it may hold nothing that is read as more."""
    headers = [(b"x-request-id", given.encode())]

    async with client_of(answer_ok) as client:
        responses = [await client.get("/", headers=headers) for _ in range(2)]

    ids = [response.headers["x-request-id"] for response in responses]
    assert all(GIVEN.fullmatch(each) for each in ids) and ids[0] != ids[1]
    assert [line["request_id"] for line in lines()] == ids


async def test_what_is_logged_meanwhile_has_the_requests_id(lines: Lines) -> None:
    """An error is found by the id that its client was told, and no other line has it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        logging.getLogger("inkwell.tests").warning("within")
        await answer_ok(scope, receive, send)

    async with client_of(app) as client:
        response = await client.get("/")
    logging.getLogger("inkwell.tests").warning("after")

    within, _, after = lines()
    assert within["request_id"] == response.headers["x-request-id"]
    assert "request_id" not in after


async def test_a_failure_is_a_line_and_the_servers_traceback_has_its_id(lines: Lines) -> None:
    """Each tells what the other does not."""
    async with serving(RequestLog(fail)) as port, AsyncClient() as client:
        response = await client.get(f"http://127.0.0.1:{port}/", headers={"X-Request-ID": "abc"})

    ours, servers = [line for line in lines() if line.get("request_id") == "abc"]
    assert response.status_code == ours["status"] == 500
    assert servers["message"] == "Exception in ASGI application"
    assert servers["exception"].endswith("RuntimeError: a bug")


async def test_an_answer_that_breaks_off_counts_as_a_failure(lines: Lines) -> None:
    """Its client was promised more, whatever status it began with."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        await fail(scope, receive, send)

    async with client_of(app) as client:
        await client.get("/")

    assert [line["status"] for line in lines()] == [500]


async def test_a_client_that_went_away_is_a_499(lines: Lines) -> None:
    """As nginx writes it, which operators know; nothing was answered."""
    arrived = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        arrived.set()
        while (await receive())["type"] != "http.disconnect":
            pass

    async with serving(RequestLog(app)) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /slow HTTP/1.1\r\nHost: inkwell\r\n\r\n")
        await arrived.wait()
        writer.transport.abort()
        await until(lambda: any(line["message"] == "GET /slow 499" for line in lines()))


async def test_probes_are_only_for_those_who_debug(lines: Lines) -> None:
    """They come every few seconds, from each balancer."""
    async with client_of(answer_ok) as client:
        for path in ("/livez", "/readyz", "/", "/livez/"):
            await client.get(path)

    levels = {line["path"]: line["level"] for line in lines()}
    assert levels == {"/livez": "DEBUG", "/readyz": "DEBUG", "/": "INFO", "/livez/": "INFO"}


async def test_what_the_level_leaves_out_is_not_logged(lines: Lines) -> None:
    """LOG_LEVEL=warning is quiet."""
    logging.getLogger("inkwell").setLevel(logging.WARNING)

    async with client_of(answer_ok) as client:
        await client.get("/")

    assert lines() == []


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/graphql", "/graphql"),
        ("/a\nb\x1b[2J", r"/a\nb\x1b[2J"),
        ("/\u202e\x9b\u2028", r"/\u202e\x9b\u2028"),
        ("/" + "a" * 300, "/" + "a" * 199),
        ("/" + "\u2028" * 300, "/" + r"\u2028" * 33 + "\\"),
    ],
)
async def test_a_path_is_short_and_keeps_to_its_line(lines: Lines, path: str, logged: str) -> None:
    """It is the client's to choose; what it asks after the `?` may be a document."""
    async with client_of(answer_ok) as client:
        await client.get(f"{quote(path)}?query=secret")

    (line,) = lines()
    assert line["path"] == logged
    assert "secret" not in str(line)


async def test_an_operations_name_is_short_and_keeps_to_its_line(lines: Lines) -> None:
    """So is this, in both forms."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        record().operation_name = "A\nB" + "\x1b" * 1_000
        assert "\n" not in str(record()) and len(str(record())) < 200
        await answer_ok(scope, receive, send)

    async with client_of(app) as client:
        response = await client.post("/graphql")

    (line,) = lines()
    assert response.status_code == 200
    assert len(line["operation_name"]) == 100 and line["operation_name"].startswith(r"A\nB\x1b")


@pytest.mark.parametrize("type_", ["lifespan", "websocket"])
async def test_what_is_no_request_passes_untouched(lines: Lines, type_: str) -> None:
    """The server's start and end are no requests."""
    passed: list[Any] = []

    async def app(*arguments: Any) -> None:
        passed.extend(arguments)

    async def receive() -> Any: ...

    async def send(message: Any) -> None: ...

    scope = {"type": type_}
    await RequestLog(app)(scope, receive, send)

    assert passed == [scope, receive, send]
    assert lines() == []


@pytest.mark.parametrize(
    ("record", "readable"),
    [
        (
            RequestRecord(
                "3f9c", "POST", "/graphql", 200, 12.34, "query", "Feed", "abc", (), 5, 61, 17
            ),
            "POST /graphql 200 · query Feed · 12.3 ms · 5 statements, 61 rows · user 17 · 3f9c",
        ),
        (
            RequestRecord(
                "3f9c", "POST", "/graphql", 200, 0.05, "query", None, "abc", ("A", "B"), 1, 1
            ),
            "POST /graphql 200 · query · A, B · 0.1 ms · 1 statement, 1 row · 3f9c",
        ),
        (RequestRecord("3f9c", "GET", "/x", 404, 1), "GET /x 404 · 1.0 ms · 3f9c"),
    ],
)
def test_a_developer_reads_what_there_is_to_say(record: RequestRecord, readable: str) -> None:
    """And nothing of what a request did not do."""
    assert str(record) == readable


def test_every_answer_of_the_app_has_an_id(lines: Lines) -> None:
    """One to what does not exist too, and Starlette's own to a bug."""

    async def boom(request: Request) -> PlainTextResponse:
        raise RuntimeError("a bug")

    nowhere = SecretStr("postgresql+asyncpg://ada@127.0.0.1:1/inkwell")
    app = create_app(Settings(database_url=nowhere, allowed_hosts="testserver"))
    app.router.routes.append(Route("/boom", boom))

    with TestClient(app, raise_server_exceptions=False) as client:
        answers = [client.get(path) for path in ("/livez", "/missing", "/boom")]

    assert [answer.status_code for answer in answers] == [200, 404, 500]
    requests = [line for line in lines() if line["logger"] == "inkwell.requests"]
    assert [line["request_id"] for line in requests] == [
        answer.headers["x-request-id"] for answer in answers
    ]
