"""What metrics take of the process that starts the server."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from prometheus_client import CollectorRegistry

from server.cli.console import fail
from server.metrics import CannotListen, NowhereToShare, port_open, sharing
from server.settings import Settings


@contextmanager
def sharing_metrics(settings: Settings) -> Generator[None]:
    """Have workers that a block starts share their metrics, or end with a line about why not.

    A worker that serves alone opens the metrics' port itself; here it is seen that it can.
    """
    host, port = settings.host, settings.metrics_port
    with ExitStack() as stack:
        try:
            if settings.measures and settings.workers > 1:
                registry = stack.enter_context(sharing())
                if port is not None:
                    stack.enter_context(port_open(host, port, registry))
            elif port is not None:
                with port_open(host, port, CollectorRegistry()):
                    pass
        except (CannotListen, NowhereToShare) as error:
            fail(str(error))
        yield
