"""Requests as spans: one for each that asks for GraphQL, with what came of it."""

from __future__ import annotations

from collections.abc import Awaitable
from time import perf_counter_ns, time_ns

from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue
from starlette.types import Message, Receive, Scope, Send

from schema.errors import FAULTS
from server.http.endpoint import GraphQLEndpoint, is_for_page
from server.http.headers import headers_of
from server.http.request_log import (
    CLIENT_GONE,
    NAME_LENGTH,
    RequestRecord,
    current_record,
    note,
    one_line,
)
from server.spans.statements import StatementSpans
from server.tracing import Trace

UNNAMED = "GraphQL Operation"  # as the conventions call one of which nothing is known
METHODS = {"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"}
OTHER = "_OTHER"
TOOK_TOO_LONG = 408  # to send its body

NO_CONTEXT = Context()
W3C = TraceContextTextMapPropagator()


class Recorder:
    """Makes the spans of a process's requests, by names that OpenTelemetry has conventions for."""

    def __init__(self, tracer: Tracer, statements: StatementSpans) -> None:
        self._tracer = tracer
        self._statements = statements

    def begin(self, scope: Scope, record: RequestRecord) -> Span:
        """Begin the span of a request, as part of the client's trace if it tells of one."""
        span = self._tracer.start_span(
            UNNAMED,
            context=context_of(scope),
            kind=SpanKind.SERVER,
            attributes={
                "http.request.method": record.method if record.method in METHODS else OTHER,
                "http.route": record.path,  # the endpoint's own, or it would not be asked
                "url.path": record.path,
                "url.scheme": scope["scheme"],
                "inkwell.request_id": record.request_id,
            },
        )
        told = span.get_span_context()
        note(trace_id=f"{told.trace_id:032x}", span_id=f"{told.span_id:016x}")
        return span

    def end(
        self, span: Span, record: RequestRecord, trace: Trace, error: BaseException | None
    ) -> None:
        """End a span, with those of what was loaded and sent for it."""
        now, ended_at = perf_counter_ns(), time_ns()
        self._statements.add(span.get_span_context(), trace, now, clock=ended_at - now)
        phases = trace.phases(now).items()
        span.set_attributes(
            attributes_of(record, error)
            | {f"inkwell.{name}_ms": took for name, took in phases if took is not None}
        )
        if record.operation_type is not None:
            span.update_name(record.operation_type)
        is_fault = record.status != TOOK_TOO_LONG and not FAULTS.isdisjoint(record.error_codes)
        if error is not None or is_fault:
            told = ", ".join(f"error {each}" for each in record.error_ids)
            span.set_status(StatusCode.ERROR, told or None)
        span.end(ended_at)


class SpanEndpoint:
    """An endpoint whose requests are recorded as spans, by the recorder of the lifespan.

    Browsers are shown the page without one.
    """

    def __init__(self, endpoint: GraphQLEndpoint) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._endpoint.page is not None and is_for_page(scope):
            await self._endpoint(scope, receive, send)
            return
        record = current_record()
        assert record is not None  # noqa: S101 (the log is around everything)
        recorder: Recorder = scope["state"]["recorder"]
        span = recorder.begin(scope, record)
        header = (b"server-timing", f'traceparent;desc="{traceparent_of(span)}"'.encode())

        def answer(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], header]
            return send(message)

        if not span.is_recording():
            await self._endpoint(scope, receive, answer)
            return
        trace, error = Trace(), None
        with trace.current():
            try:
                await self._endpoint(scope, receive, answer)
            except BaseException as raised:
                error = raised
                raise
            finally:
                recorder.end(span, record, trace, error)
                error = None  # which would be a cycle


def context_of(scope: Scope) -> Context:
    """Read whose part a request is, from W3C's headers; part of nothing if they are not good."""
    headers = headers_of(scope)
    if b"traceparent" not in headers:
        return NO_CONTEXT
    carrier = {
        name: headers[name.encode()].decode("latin-1")
        for name in ("traceparent", "tracestate")
        if name.encode() in headers
    }
    return W3C.extract(carrier, NO_CONTEXT)


def traceparent_of(span: Span) -> str:
    """Write what a span is to whoever asked, as W3C has it."""
    told = span.get_span_context()
    return f"00-{told.trace_id:032x}-{told.span_id:016x}-{told.trace_flags:02x}"


def attributes_of(record: RequestRecord, error: BaseException | None) -> dict[str, AttributeValue]:
    """Tell of a request what its line in the log does, but for the user."""
    told: dict[str, AttributeValue | None] = {
        "http.response.status_code": 500 if error is not None else record.status,
        "error.type": error_type_of(record) if error is None else type(error).__name__,
        "graphql.operation.type": record.operation_type,
        "graphql.operation.name": record.operation_name
        and one_line(record.operation_name, NAME_LENGTH),
        "inkwell.document_hash": record.document_hash,
        "inkwell.error_codes": tuple(map(str, record.error_codes)) or None,
        "inkwell.statements": record.statements,
        "inkwell.rows": record.rows,
    }
    return {key: value for key, value in told.items() if value is not None}


def error_type_of(record: RequestRecord) -> str | None:
    """Name the worst of a request's errors: the server's fault, if one is."""
    if record.status is None:
        return str(CLIENT_GONE)
    faults = [each for each in record.error_codes if each in FAULTS]
    return next(map(str, faults or record.error_codes), None)
