"""A port of its own for metrics, which answers however busy the event loop is."""

from __future__ import annotations

import socket
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, ThreadingWSGIServer

METRICS = "/metrics"
MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4  # which every Prometheus reads, whatever else it would
NOT_HERE, ONLY_GET = f"Metrics are at {METRICS}.\n".encode(), b"A GET is all there is.\n"
PATIENCE_SECONDS = 10  # for a client to say what it wants
LOOK_SECONDS = 0.05  # how often it is looked whether to end


class CannotListen(Exception):
    """The port can't be listened on; the message says why."""


class Server(ThreadingWSGIServer):
    """A thread for each who asks."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Let whoever says nothing, or hangs up, go without a traceback."""

    def server_bind(self) -> None:
        """Bind, without looking for a name of the address."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "", self.server_address[1]
        self.setup_environ()


class Server6(Server):
    """The same, for an address of IPv6."""

    address_family = socket.AF_INET6


class Handler(WSGIRequestHandler):
    """Waits for nobody for long, and logs nothing."""

    timeout = PATIENCE_SECONDS

    def log_message(self, format: str, *arguments: Any) -> None: ...


@contextmanager
def port_open(host: str, port: int, registry: CollectorRegistry) -> Generator[None]:
    """Answer at a port for as long as a block runs; raises `CannotListen`."""
    kind = Server6 if ":" in host else Server
    try:
        server = make_server(host, port, app_over(registry), kind, handler_class=Handler)
    except OSError as error:
        raise CannotListen(f"METRICS_PORT: {host}:{port} can't be listened on: {error}") from error
    with server:
        thread = Thread(target=server.serve_forever, args=(LOOK_SECONDS,), name="metrics")
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def app_over(registry: CollectorRegistry) -> Callable[..., Iterable[bytes]]:
    """Answer with metrics at their path, and nowhere else."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != METRICS:
            status, media_type, text = "404 Not Found", "text/plain", NOT_HERE
        elif environ["REQUEST_METHOD"] != "GET":
            status, media_type, text = "405 Method Not Allowed", "text/plain", ONLY_GET
        else:
            status, media_type, text = "200 OK", MEDIA_TYPE, generate_latest(registry)
        length = ("Content-Length", str(len(text)))
        start_response(status, [("Content-Type", media_type), length])
        return [text]

    return app
