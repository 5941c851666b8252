"""A server whose spans are kept in memory, and how they hang together."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from httpx2 import Response
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import format_span_id
from pydantic import SecretStr
from starlette.testclient import TestClient

from server.app import create_app
from server.settings import Environment, Settings
from server.spans.collecting import Spans

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT_ID = "00f067aa0ba902b7"
SAMPLED = {"Traceparent": f"00-{TRACE_ID}-{PARENT_ID}-01"}


class Recorded:
    """A client of such a server, and its spans, which are complete when the server has ended."""

    def __init__(self, client: TestClient, exporter: InMemorySpanExporter) -> None:
        self.client = client
        self._exporter = exporter

    def ask(
        self,
        document: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **variables: Any,
    ) -> Response:
        shown = {} if token is None else {"Authorization": f"Bearer {token}"}
        body = {"query": document, "variables": variables}
        response: Response = self.client.post(
            "/graphql", json=body, headers={**shown, **(headers or {})}
        )
        return response

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        """In the order in which they began."""
        return sorted(self._exporter.get_finished_spans(), key=lambda each: each.start_time or 0)

    @property
    def requests(self) -> list[ReadableSpan]:
        """Those of requests."""
        return [each for each in self.spans if each.parent is None or each.parent.is_remote]

    @property
    def request(self) -> ReadableSpan:
        """That of the only request."""
        (only,) = self.requests
        return only

    def tree(self) -> list[str]:
        """Name them, each below the one that it is part of."""
        lines: list[str] = []

        def draw(parents: Sequence[ReadableSpan], depth: int) -> None:
            for parent in parents:
                lines.append("  " * depth + parent.name)
                draw([each for each in self.spans if parent_of(each) == id_of(parent)], depth + 1)

        draw(self.requests, 0)
        return lines


@contextmanager
def recorded(
    database_url: str, *, environment: Environment = Environment.PRODUCTION, **settings: Any
) -> Generator[Recorded]:
    """Serve with spans for as long as a block runs, as operators do."""
    exporter = InMemorySpanExporter()
    told = Settings(
        database_url=SecretStr(database_url),
        environment=environment,
        allowed_hosts="testserver",
        **settings,
    )
    app = create_app(told, spans=Spans([lambda: exporter]))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Recorded(client, exporter)


def id_of(span: ReadableSpan) -> str:
    assert span.context is not None
    return format_span_id(span.context.span_id)


def parent_of(span: ReadableSpan) -> str | None:
    return None if span.parent is None else format_span_id(span.parent.span_id)


def told(span: ReadableSpan) -> dict[str, Any]:
    """The attributes of a span."""
    return dict(span.attributes or {})
