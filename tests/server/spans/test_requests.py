"""What the span of a request tells: where it belongs, what was asked, and what came of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from io import StringIO
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, format_trace_id
from pydantic import SecretStr
from starlette.types import Message

import domain
from persistence import Database
from server.app import create_app
from server.logs import JsonFormatter
from server.settings import Environment, Settings
from server.spans.collecting import Spans
from tests.factories import Given
from tests.server.explorer.asking import a_token
from tests.server.spans.recording import (
    PARENT_ID,
    SAMPLED,
    TRACE_ID,
    id_of,
    parent_of,
    recorded,
    told,
)

TYPENAME = "query Name { __typename }"
SECRET = "plainlyfakeword"  # noqa: S105 (as it says)


def trace_id_of(span: ReadableSpan) -> str:
    assert span.context is not None
    return format_trace_id(span.context.trace_id)


@pytest.mark.backends("sqlite")
def test_a_request_is_a_span_with_what_the_log_tells(database_url: str) -> None:
    """By the conventions' names where they have one."""
    with recorded(database_url) as server:
        response = server.ask(TYPENAME)

    span = server.request
    found = told(span)
    phases = {key: found.pop(key) for key in [*found] if key.endswith("_ms")}
    assert (span.name, span.kind, span.status.is_unset) == ("query", SpanKind.SERVER, True)
    assert found == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "http.route": "/graphql",
        "url.path": "/graphql",
        "url.scheme": "http",
        "graphql.operation.name": "Name",
        "graphql.operation.type": "query",
        "inkwell.document_hash": found["inkwell.document_hash"],
        "inkwell.request_id": response.headers["x-request-id"],
        "inkwell.statements": 0,
        "inkwell.rows": 0,
    }
    assert phases.keys() == {
        f"inkwell.{each}_ms" for each in ("parse", "validate", "plan", "execute", "sql", "encode")
    }


@pytest.mark.backends("sqlite")
def test_what_it_comes_from_is_named(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By us, unless the operator has a better name; `version` is the project's."""
    resources = []
    for name in (None, "writing"):
        if name is not None:
            monkeypatch.setenv("OTEL_SERVICE_NAME", name)
        with recorded(database_url) as server:
            server.ask(TYPENAME)
        resources.append(server.request.resource.attributes)

    assert [each["service.name"] for each in resources] == ["inkwell", "writing"]
    assert all(each["service.version"] for each in resources)


@pytest.mark.backends("sqlite")
def test_a_request_is_part_of_its_clients_trace(database_url: str) -> None:
    """W3C's headers say of which, and the answer which part it is."""
    with recorded(database_url) as server:
        response = server.ask(TYPENAME, headers={**SAMPLED, "Tracestate": "vendor=1"})

    span = server.request
    assert span.context is not None
    assert (trace_id_of(span), parent_of(span)) == (TRACE_ID, PARENT_ID)
    assert span.context.trace_state.get("vendor") == "1"
    assert response.headers["server-timing"] == (
        f'traceparent;desc="00-{TRACE_ID}-{id_of(span)}-01"'
    )


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(
    "headers",
    [
        [("traceparent", "00-0-0-01")],
        [("traceparent", f"00-{'0' * 32}-{PARENT_ID}-01")],
        [("traceparent", f"ff-{TRACE_ID}-{PARENT_ID}-01")],
        [("traceparent", f"00-{TRACE_ID}-{PARENT_ID}-01-more")],
        [("traceparent", SAMPLED["Traceparent"]), ("traceparent", SAMPLED["Traceparent"])],
        [("traceparent", "é\x80" * 1_000)],
        [("traceparent", "")],
        [("tracestate", "vendor=1")],
        [("traceparent", SAMPLED["Traceparent"]), ("tracestate", "=,=;é" * 500)],
    ],
)
def test_headers_that_are_not_good_cost_nobody_an_answer(
    database_url: str, headers: Sequence[tuple[str, str]]
) -> None:
    """They are anybody's to send; a trace of its own is begun if nothing can be read."""
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    with recorded(database_url) as server:
        response = server.client.post(
            "/graphql",
            content=json.dumps({"query": TYPENAME}),
            headers=[(b"content-type", b"application/json"), *sent],
        )

    span = server.request
    is_good = len(headers) == 2 and headers[1][0] == "tracestate"
    assert response.json() == {"data": {"__typename": "Query"}}
    assert (trace_id_of(span) == TRACE_ID) is is_good
    assert trace_id_of(span) in response.headers["server-timing"]


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(
    ("sampler", "headers"),
    [
        ("always_off", SAMPLED),
        ("parentbased_always_on", {"Traceparent": SAMPLED["Traceparent"][:-1] + "0"}),
    ],
)
def test_what_is_not_sampled_makes_no_span_and_is_told_so(
    database_url: str, monkeypatch: pytest.MonkeyPatch, sampler: str, headers: dict[str, str]
) -> None:
    """The flag at the end is 00; the trace's id is still the client's."""
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", sampler)

    with recorded(database_url) as server:
        response = server.ask("{ posts { nodes { id } } }", headers=headers)

    assert response.json() == {"data": {"posts": {"nodes": []}}}
    assert server.spans == []
    assert f'desc="00-{TRACE_ID}-' in response.headers["server-timing"]
    assert response.headers["server-timing"].endswith('-00"')


@pytest.mark.backends("sqlite")
def test_pages_of_other_origins_may_take_part(database_url: str) -> None:
    """They may send the headers, and read the one that comes back."""
    origin = {"Origin": "https://example.com"}
    asks = {"Access-Control-Request-Method": "POST"}
    wants = {"Access-Control-Request-Headers": "content-type, traceparent, tracestate"}

    with recorded(database_url, cors_origins=origin["Origin"]) as server:
        preflight = server.client.options("/graphql", headers=origin | asks | wants)
        response = server.ask(TYPENAME, headers=origin)

    assert preflight.status_code == 204
    assert "Server-Timing" in response.headers["access-control-expose-headers"]
    assert len(server.spans) == 1


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(
    ("request_", "name", "expected"),
    [
        pytest.param(
            {"content": "{"},
            "GraphQL Operation",
            {"http.response.status_code": 400, "error.type": "BAD_USER_INPUT"},
            id="no-json",
        ),
        pytest.param(
            {"json": {"query": "{ nothing }"}},
            "GraphQL Operation",
            {"http.response.status_code": 200, "error.type": "GRAPHQL_VALIDATION_FAILED"},
            id="invalid",
        ),
        pytest.param(
            {"json": {"query": "mutation M { signOut { __typename } }"}, "method": "GET"},
            "GraphQL Operation",
            {"http.response.status_code": 400, "error.type": "BAD_USER_INPUT"},
            id="nothing-asked",
        ),
        pytest.param(
            {"json": {"query": TYPENAME}, "headers": {"Authorization": f"Bearer {'a' * 43}"}},
            "query",
            {"http.response.status_code": 401, "error.type": "UNAUTHENTICATED"},
            id="signed-out",
        ),
        pytest.param(
            {"content": "", "method": "PROPFIND"},
            "GraphQL Operation",
            {"http.response.status_code": 405, "http.request.method": "_OTHER"},
            id="a-method-of-others",
        ),
    ],
)
def test_what_is_refused_is_a_span_with_its_code(
    database_url: str, request_: dict[str, Any], name: str, expected: dict[str, Any]
) -> None:
    """It is the client's mistake, and so no error of ours."""
    arguments = {"method": "POST", "headers": {}, **request_}
    arguments["headers"] = {"Content-Type": "application/json", **arguments["headers"]}
    with recorded(database_url) as server:
        server.client.request(url="/graphql", **arguments)

    span = server.request
    assert span.name == name and span.status.is_unset
    assert expected.items() <= told(span).items()


@pytest.mark.backends("sqlite")
def test_what_asks_nothing_has_no_span(database_url: str) -> None:
    """Probes come every second, and pages and their parts say nothing of operations."""
    with recorded(database_url, environment=Environment.DEVELOPMENT) as server:
        page = server.client.get("/graphql", headers={"Accept": "text/html"})
        for path in ("/livez", "/readyz", "/", "/missing"):
            server.client.get(path, follow_redirects=False)

    assert page.headers["content-type"].startswith("text/html")
    assert "server-timing" not in page.headers
    assert server.spans == []


@pytest.mark.backends("sqlite")
async def test_a_bug_is_an_error_with_the_id_that_the_log_has(
    database_url: str, database: Database
) -> None:
    """And with nothing of what the driver said."""
    async with database.writing() as connection:
        await connection.exec_driver_sql("DROP TABLE posts")

    with recorded(database_url) as server:
        answer = server.ask("{ posts { nodes { id } } }").json()

    (error,) = answer["errors"]
    span = server.request
    assert span.status.description == f"error {error['extensions']['errorId']}"
    assert told(span)["error.type"] == "INTERNAL_SERVER_ERROR"
    assert "no such table" not in "".join(each.to_json() for each in server.spans)


async def test_no_value_is_in_a_span(database_url: str, database: Database, given: Given) -> None:
    """The rule of the log: neither what clients send, nor what the database holds."""
    ada = await given.a_user(username=SECRET)
    await given.a_post(by=ada, title=SECRET)
    token = await a_token(given, of=ada)
    with_variables = "query Q($name: String!) { user(by: {username: $name}) { id } }"
    sign_in = f'{{login: "{SECRET}", password: "{SECRET}"}}'
    post = f'{{title: "{SECRET}", body: "{SECRET}", tags: ["{SECRET}"]}}'
    documents = [
        f'{{ user(by: {{username: "{SECRET}"}}) {{ posts {{ nodes {{ title }} }} }} }}',
        f"mutation {{ signIn(input: {sign_in}) {{ __typename }} }}",
        f"mutation {{ createPost(input: {post}) {{ __typename }} }}",
        f'mutation {{ changeUsername(input: {{username: "{SECRET}2"}}) {{ __typename }} }}',
        f"{{ {SECRET} }}",
    ]

    with recorded(database_url) as server:
        server.ask(with_variables, name=SECRET)
        for document in documents:
            server.ask(document, token=token, headers={"User-Agent": SECRET})
        server.client.get("/graphql", params={"query": f'{{ a: node(id: "{SECRET}") {{ id }} }}'})

    written = "".join(each.to_json() for each in server.spans)
    assert len(server.requests) == len(documents) + 2
    assert "INSERT posts" in written
    assert SECRET not in written and token not in written
    assert domain.digest_of(token) not in written


@pytest.mark.backends("sqlite")
def test_lines_of_the_log_name_the_span(database_url: str) -> None:
    """From a line to the trace, and back; a line of no span has no such keys."""
    stream, log = StringIO(), logging.getLogger("inkwell")
    handler, level = logging.StreamHandler(stream), log.level
    handler.setFormatter(JsonFormatter())
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        with recorded(database_url) as server:
            server.ask(TYPENAME)
            server.client.get("/missing")
    finally:
        log.removeHandler(handler)
        log.setLevel(level)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    asked, missing = [each for each in lines if each["logger"] == "inkwell.requests"]
    assert (asked["trace_id"], asked["span_id"]) == (
        trace_id_of(server.request),
        id_of(server.request),
    )
    assert "trace_id" not in missing


@pytest.mark.backends("sqlite")
async def test_a_client_that_goes_away_leaves_a_span(database_url: str) -> None:
    """As its line in the log says, by nginx's number."""
    exporter = InMemorySpanExporter()
    settings = Settings(database_url=SecretStr(database_url), allowed_hosts="*")
    app = create_app(settings, spans=Spans([lambda: exporter]))
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async with app.router.lifespan_context(app) as state:
        scope = {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": "/graphql",
            "query_string": b"",
            "headers": [(b"content-type", b"application/json")],
            "state": state,
        }
        await app(scope, receive, send)

    (span,) = exporter.get_finished_spans()
    assert sent == []
    assert told(span)["error.type"] == "499" and "http.response.status_code" not in told(span)
    assert span.status.is_unset
