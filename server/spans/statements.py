"""What was loaded and sent for a request, as spans below its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode
from opentelemetry.util.types import AttributeValue

from persistence import Address, Sent
from server.http.request_log import one_line
from server.tracing import Cause, Step, Trace

MAX_FIELDS = 20  # that a span names; the clients' aliases are in their names
FIELD_LENGTH = 200
SQL_LENGTH = 5_000
KNOWN_STATEMENTS = 500
TABLE = re.compile(r"(?:\b(?:FROM|JOIN|INTO)|^UPDATE)\s+(?!LATERAL\b|anon_)([a-z_]+)\b(?!\()")
FINE, FAILED = Status(StatusCode.UNSET), Status(StatusCode.ERROR)


Attributes: TypeAlias = dict[str, AttributeValue]


class Known(NamedTuple):
    """What every span of the same statement has."""

    name: str
    attributes: Attributes


class Origin(NamedTuple):
    """What all spans of a process come from, and where they go once they have ended."""

    resource: Resource
    scope: InstrumentationScope
    processor: SpanProcessor


class StatementSpans:
    """Makes spans of what a trace holds, once all of it is over.

    They are made as they will be exported: a span that could still be changed takes a tracer 40
    microseconds, and one that is known to have ended takes 2.
    """

    def __init__(self, origin: Origin, address_of: Callable[[str], Address]) -> None:
        self._origin = origin
        self._ids = RandomIdGenerator()
        self._address_of = address_of
        self._known = lru_cache(KNOWN_STATEMENTS)(self._look_at)

    def add(self, request: SpanContext, trace: Trace, now: int, *, clock: int) -> None:
        """Add the spans of loads, and of statements below the load or the request they are for.

        With the clock added, a moment of `perf_counter_ns` is one of the epoch's.
        """
        loads: dict[int | None, SpanContext] = {}
        for number, step in enumerate(trace.steps):
            if step.cause is not None and step.cause.keys is not None:
                loads[number] = self._loaded(step, step.cause, request, now, clock)
        for sent in trace.usage.sent:
            load = loads.get(sent.cause.step)
            fields = fields_of(sent.cause.cause) if load is None else {}
            self._sent(sent, fields, load or request, now, clock)

    def _loaded(
        self, step: Step, cause: Cause, parent: SpanContext, now: int, clock: int
    ) -> SpanContext:
        return self._add(
            "load" if cause.field is None else f"load {cause.field}",
            parent,
            attributes={"inkwell.keys": cause.keys or 0, **fields_of(cause)},
            start_time=step.began_at + clock,
            end_time=(step.ended_at or now) + clock,
        )

    def _sent(
        self, sent: Sent, fields: Attributes, parent: SpanContext, now: int, clock: int
    ) -> None:
        known = self._known(sent.text, sent.server)
        attributes = {**known.attributes, **fields}
        if sent.kind == "read":
            attributes["db.response.returned_rows"] = sent.rows
        if sent.error_type is not None:
            attributes["error.type"] = sent.error_type
        self._add(
            known.name,
            parent,
            kind=SpanKind.CLIENT,
            attributes=attributes,
            status=FINE if sent.error_type is None else FAILED,
            start_time=sent.began_at + clock,
            end_time=(sent.ended_at or now) + clock,
        )

    def _add(self, name: str, parent: SpanContext, **told: Any) -> SpanContext:
        """Have a span exported that is part of one that is, and has ended."""
        context = SpanContext(
            parent.trace_id,
            self._ids.generate_span_id(),
            is_remote=False,
            trace_flags=parent.trace_flags,
            trace_state=parent.trace_state,
        )
        resource, scope, processor = self._origin
        span = ReadableSpan(name, context, parent, resource, instrumentation_scope=scope, **told)
        processor.on_end(span)
        return context

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
    ways = tuple(one_line(way, FIELD_LENGTH) for way in islice(cause.fields, MAX_FIELDS))
    return {"inkwell.fields": ways} if ways else {}
