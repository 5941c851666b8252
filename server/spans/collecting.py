"""Where spans go: by OpenTelemetry's SDK, in batches, to whoever its variables name."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from threading import Thread

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import (
    ReadableSpan,
    SpanLimits,
    SynchronousMultiSpanProcessor,
    TracerProvider,
)
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from starlette.types import ASGIApp

from persistence import Database
from server.http.endpoint import GraphQLEndpoint
from server.spans.requests import Recorder, SpanEndpoint
from server.spans.statements import Origin, StatementSpans
from server.version import version

SERVICE = "inkwell"
FLUSH_SECONDS = 3.0
EXPORTERS: dict[str, Callable[[], SpanExporter]] = {
    "console": ConsoleSpanExporter,
    "otlp": OTLPSpanExporter,
}

log = logging.getLogger("inkwell.spans")
theirs = logging.getLogger("opentelemetry")


class Spans:
    """Makes what records a process's spans, for as long as it serves."""

    def __init__(self, make_exporters: Sequence[Callable[[], SpanExporter]]) -> None:
        """Take what makes the exporters; raises `ValueError` if a variable is wrong."""
        self._make_exporters = make_exporters
        SpanLimits()  # reads them, as the provider will

    @classmethod
    def exported_by(cls, names: Sequence[str]) -> Spans:
        """Have them exported as `OTEL_TRACES_EXPORTER` names it."""
        return cls([EXPORTERS[name] for name in names])

    def around(self, endpoint: GraphQLEndpoint) -> ASGIApp:
        """Have an endpoint's requests recorded, by the recorder in their state."""
        return SpanEndpoint(endpoint)

    @asynccontextmanager
    async def opened(self, database: Database) -> AsyncGenerator[Recorder]:
        """Record spans, and have those exported in the end that were not yet.

        That takes `FLUSH_SECONDS` at most, or a collector that is away would hold up the end.
        """
        with told_once() as complaints:
            made_by = resource()
            processor = SynchronousMultiSpanProcessor()  # type: ignore[no-untyped-call] # it has no types
            for make in self._make_exporters:
                exporter = RecoveringExporter(make(), complaints)
                processor.add_span_processor(BatchSpanProcessor(exporter))
            provider = TracerProvider(
                resource=made_by, active_span_processor=processor, shutdown_on_exit=False
            )
            origin = Origin(made_by, InstrumentationScope(SERVICE, version()), processor)
            try:
                yield Recorder(
                    provider.get_tracer(SERVICE, version()),
                    StatementSpans(origin, database.address_of),
                )
            finally:
                await shut_down(provider)


def resource() -> Resource:
    """Say what makes the spans; `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` go before."""
    given = Resource.create()
    found = Resource({"service.version": version()}).merge(given)
    if str(given.attributes["service.name"]).startswith("unknown_service"):
        return found.merge(Resource({"service.name": SERVICE}))
    return found


async def shut_down(provider: TracerProvider) -> None:
    """Export what is left, within `FLUSH_SECONDS`, in a thread that the process does not await."""
    loop, end = asyncio.get_running_loop(), asyncio.Event()

    def export() -> None:
        provider.shutdown()
        with suppress(RuntimeError):  # the loop may be closed by then
            loop.call_soon_threadsafe(end.set)

    Thread(target=export, name="spans-shutdown", daemon=True).start()
    try:
        async with asyncio.timeout(FLUSH_SECONDS):
            await end.wait()
    except TimeoutError:
        log.warning("The last spans were not taken within %g seconds.", FLUSH_SECONDS)


class Complaints(logging.Handler):
    """Says once what OpenTelemetry would say for each batch, until it has nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._said: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg not in self._said:
            self._said.add(record.msg)
            log.warning("Spans: %s", record.getMessage())

    def forget(self) -> None:
        """Begin anew."""
        self._said.clear()


class RecoveringExporter(SpanExporter):
    """Exports by another exporter, and says when that works again."""

    def __init__(self, exporter: SpanExporter, complaints: Complaints) -> None:
        self._exporter = exporter
        self._complaints = complaints
        self._has_failed = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        is_recovered = self._has_failed and result is SpanExportResult.SUCCESS
        self._has_failed = result is not SpanExportResult.SUCCESS
        if is_recovered:
            self._complaints.forget()
            log.info("Spans are exported again.")
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


@contextmanager
def told_once() -> Generator[Complaints]:
    """Have what OpenTelemetry logs in a block be said in our log, each thing once."""
    complaints, before = Complaints(), theirs.propagate
    theirs.addHandler(complaints)
    theirs.propagate = False
    try:
        yield complaints
    finally:
        theirs.removeHandler(complaints)
        theirs.propagate = before
