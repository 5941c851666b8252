"""Processes that serve side by side."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from signal import SIGINT, SIGTERM, Signals
from socket import socket
from typing import cast

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from server.metrics import forget_worker

REPLACE_AFTER_SECONDS = 0.5

log = logging.getLogger("inkwell.server")


class Workers:
    """Copies of a server, each in a process of its own, that listen on one socket.

    One that dies is replaced. A signal to stop is passed on at once, and then their end is
    waited for; a second Ctrl-C kills them.
    """

    def __init__(self, server: uvicorn.Server) -> None:
        self._server = server
        self._listening = server.config.bind_socket()
        self._processes = set[SpawnProcess]()
        self._stopping = asyncio.Event()
        self._is_interrupted = False
        self._could_start = True

    async def run(self) -> bool:
        """Run until told to stop; tells whether they could start."""
        loop = asyncio.get_running_loop()
        for signal in (SIGTERM, SIGINT):
            loop.add_signal_handler(signal, self._pass_on, signal)
        async with asyncio.TaskGroup() as places:
            for place in range(self._server.config.workers):
                places.create_task(self._keep_one(f"worker-{place}"))
        return self._could_start

    async def _keep_one(self, name: str) -> None:
        while not self._stopping.is_set():
            process = self._start(name)
            await ended(process)
            forget_worker(name)
            self._processes.discard(process)
            if process.exitcode == STARTUP_FAILURE:  # as that of the next one would be
                self._could_start = False
                self._pass_on(SIGTERM)
            elif not self._stopping.is_set():
                log.error("Worker %s died, and is replaced.", process.pid)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), REPLACE_AFTER_SECONDS)

    def _start(self, name: str) -> SpawnProcess:
        process = get_context("spawn").Process(
            name=name, target=serve, args=(self._server, self._listening)
        )
        process.start()
        self._processes.add(process)
        return process

    def _pass_on(self, signal: Signals) -> None:
        is_impatient = signal is SIGINT and self._is_interrupted
        self._is_interrupted |= signal is SIGINT
        self._stopping.set()
        self._listening.close()  # or connections would be taken until the last request has ended
        for process in self._processes:
            if is_impatient:
                process.kill()
            else:
                with suppress(ProcessLookupError):  # whoever has died hears nothing
                    os.kill(cast("int", process.pid), signal)


def serve(server: uvicorn.Server, listening: socket) -> None:
    """Serve, in the process of a worker."""
    server.config.configure_logging()
    server.run([listening])


async def ended(process: SpawnProcess) -> None:
    """Wait until a process has ended."""
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process.sentinel, end.set)
    try:
        await end.wait()
    finally:
        loop.remove_reader(process.sentinel)
    process.join()
