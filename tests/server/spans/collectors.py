"""A collector of OTLP over HTTP, as small as there is one."""

from __future__ import annotations

import gzip
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans


class Collector:
    """Takes spans, or refuses them, or does not answer at all."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.status: int | None = 200
        """What it answers; None if it does not, until it ends."""

        self.paths: list[str] = []
        self.keys: list[str | None] = []
        self.taken: list[ResourceSpans] = []
        self.is_ending = Event()

    @property
    def names(self) -> list[str]:
        """The names of all spans that it took."""
        return [
            span.name for taken in self.taken for scope in taken.scope_spans for span in scope.spans
        ]


@contextmanager
def collecting(*, status: int | None = 200) -> Generator[Collector]:
    """Collect for as long as a block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            collector.paths.append(self.path)
            collector.keys.append(self.headers["Api-Key"])
            if collector.status is None:
                collector.is_ending.wait()
                return
            if collector.status == 200:
                collector.taken.extend(ExportTraceServiceRequest.FromString(body).resource_spans)
            self.send_response(collector.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(server.server_address[1])
        collector.status = status
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield collector
        finally:
            collector.is_ending.set()
            server.shutdown()
            thread.join()
