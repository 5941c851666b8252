"""Serving until told to stop, so that no request fails for it."""

from __future__ import annotations

import asyncio
import logging
import sys
from multiprocessing import parent_process
from signal import SIGINT, SIGTERM
from socket import socket
from time import monotonic
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from server.http.connections import HttpConnection
from server.workers import Workers

CLOSE = (b"connection", b"close")

log = logging.getLogger("inkwell.server")


class DrainingServer(uvicorn.Server):
    """Uvicorn's server, which is told to stop before it does.

    At a SIGTERM it is not ready any more, but goes on for `drain_seconds`: whoever sends it
    requests learns of that by and by, and keeps no connection. Then it stops listening, and ends
    when the requests in flight have. A second SIGTERM, or Ctrl-C, ends the draining at once.
    """

    def __init__(self, config: uvicorn.Config, drain_seconds: float) -> None:
        super().__init__(config)
        self._drain_seconds = drain_seconds
        self._stops_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take note of a signal, which uvicorn would send itself again, and so not exit with 0."""
        if sig == SIGTERM and self._stops_at is None:
            self._stops_at = monotonic() + self._drain_seconds
        else:
            self.force_exit |= sig == SIGINT and self.should_exit
            self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Look, every tenth of a second, if it is time to stop."""
        if self._stops_at is not None:
            if not self.lifespan.state["draining"]:
                self._begin_to_drain()
            self.should_exit |= monotonic() >= self._stops_at
        return await super().on_tick(counter)

    def _begin_to_drain(self) -> None:
        log.info("Draining for %g seconds.", self._drain_seconds)
        self.lifespan.state["draining"] = True  # which requests have as `request.state.draining`
        self.config.encoded_headers.append(CLOSE)
        self.server_state.default_headers.append(CLOSE)  # which are those, for up to a second


class Worker(DrainingServer):
    """One of several processes, whose parent passes on the signals that it gets.

    If there is no parent any more, that is taken for a SIGTERM: nobody would send another.
    """

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        parent = parent_process()
        if parent is not None:
            loop = asyncio.get_running_loop()
            loop.add_reader(parent.sentinel, self._be_orphaned, parent.sentinel)

    def _be_orphaned(self, sentinel: int) -> None:
        asyncio.get_running_loop().remove_reader(sentinel)
        self.handle_exit(SIGTERM, None)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take any Ctrl-C for the first: the terminal sends it, and so does the parent at once.

        It is the parent that kills its workers at a second one.
        """
        if sig == SIGINT:
            self.should_exit = True
        else:
            super().handle_exit(sig, frame)


def run(app: str, *, workers: int, drain_seconds: float, **options: Any) -> None:
    """Serve with uvicorn's options until told to stop; raises `SystemExit` if it can't."""
    config = uvicorn.Config(app, workers=workers, http=HttpConnection, **options)
    if workers > 1:
        could_start = asyncio.run(Workers(Worker(config, drain_seconds)).run())
    else:
        server = DrainingServer(config, drain_seconds)
        try:
            server.run()
        except KeyboardInterrupt:  # that came before the server listened to signals
            return
        could_start = server.started
    if not could_start:
        sys.exit(STARTUP_FAILURE)
