"""What was loaded and sent for a request, as spans below its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, set_span_in_context
from opentelemetry.util.types import AttributeValue

from persistence import Address, Sent
from server.http.request_log import one_line
from server.tracing import Cause, Step, Trace

MAX_FIELDS = 20  # that a span names; the clients' aliases are in their names
FIELD_LENGTH = 200
SQL_LENGTH = 5_000
KNOWN_STATEMENTS = 500
TABLE = re.compile(r"(?:\b(?:FROM|JOIN|INTO)|^UPDATE)\s+(?!LATERAL\b|anon_)([a-z_]+)\b(?!\s*\()")
NOWHERE = Context()


Attributes: TypeAlias = dict[str, AttributeValue]


class Known(NamedTuple):
    """What every span of the same statement has."""

    name: str
    attributes: Attributes


class StatementSpans:
    """Makes spans of what a trace holds, once all of it is over."""

    def __init__(self, tracer: Tracer, address_of: Callable[[str], Address]) -> None:
        self._tracer = tracer
        self._address_of = address_of
        self._known = lru_cache(KNOWN_STATEMENTS)(self._look_at)

    def add(self, request: Span, trace: Trace, now: int, *, clock: int) -> None:
        """Add the spans of loads, and of statements below the load or the request they are for.

        With the clock added, a moment of `perf_counter_ns` is one of the epoch's.
        """
        context = set_span_in_context(request, NOWHERE)
        loads: dict[int | None, Context] = {}
        for number, step in enumerate(trace.steps):
            if step.cause is not None and step.cause.keys is not None:
                span = self._loaded(step, step.cause, context, now, clock)
                loads[number] = set_span_in_context(span, NOWHERE)
        for sent in trace.usage.sent:
            load = loads.get(sent.cause.step)
            if load is not None:
                self._sent(sent, {}, load, now, clock)
            else:
                self._sent(sent, fields_of(sent.cause.cause), context, now, clock)

    def _loaded(self, step: Step, cause: Cause, context: Context, now: int, clock: int) -> Span:
        span = self._tracer.start_span(
            "load" if cause.field is None else f"load {cause.field}",
            context=context,
            attributes={"inkwell.keys": cause.keys, **fields_of(cause)},
            start_time=step.began_at + clock,
        )
        span.end((step.ended_at or now) + clock)
        return span

    def _sent(self, sent: Sent, fields: Attributes, context: Context, now: int, clock: int) -> None:
        known = self._known(sent.text, sent.server)
        span = self._tracer.start_span(
            known.name,
            context=context,
            kind=SpanKind.CLIENT,
            attributes={**known.attributes, **fields},
            start_time=sent.began_at + clock,
        )
        if sent.kind == "read":
            span.set_attribute("db.response.returned_rows", sent.rows)
        if sent.error_type is not None:
            span.set_attribute("error.type", sent.error_type)
            span.set_status(StatusCode.ERROR)
        span.end((sent.ended_at or now) + clock)

    def _look_at(self, text: str, server: str) -> Known:
        """Name a statement, whose text has placeholders where there are values."""
        operation = text.partition(" ")[0].rstrip()
        summary = " ".join([operation, *dict.fromkeys(TABLE.findall(text))])
        address = self._address_of(server)
        told: dict[str, AttributeValue | None] = {
            "db.system.name": address.system,
            "db.namespace": address.database,
            "db.operation.name": operation,
            "db.query.summary": summary,
            "db.query.text": text[:SQL_LENGTH],
            "server.address": address.host,
            "server.port": address.port,
            "inkwell.server": server,
        }
        return Known(summary, {key: value for key, value in told.items() if value is not None})


def fields_of(cause: Cause) -> Attributes:
    """Name the fields that something is for, as paths without places in lists."""
    ways = [one_line(way, FIELD_LENGTH) for way in [*cause.fields][:MAX_FIELDS]]
    return {"inkwell.fields": ways} if ways else {}
