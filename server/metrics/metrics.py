"""The metrics of one server, from where they arise to where they are read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext, suppress

from prometheus_client import generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

import domain
from schema import batches
from server.http.request_log import PROBES, RequestLog
from server.metrics.accounts import CountedAccounts
from server.metrics.instruments import Instruments
from server.metrics.port import MEDIA_TYPE, METRICS, port_open
from server.metrics.requests import RequestMetrics
from server.metrics.sampling import Sampler, Sources
from server.metrics.storage import choose_storage, readable, shared_directory
from server.version import version


class Metrics:
    """What a server measures; several workers' are read as one.

    Has a port of its own if it is given one, which of several workers the first process has.
    """

    def __init__(self, *, max_names: int, host: str, port: int | None) -> None:
        choose_storage()
        self._instruments = Instruments()
        self._requests = RequestMetrics(self._instruments, max_names=max_names)
        self._registry = readable(self._instruments.registry)
        self._sampler: Sampler | None = None
        is_alone = shared_directory() is None
        self._port = (host, port) if port is not None and is_alone else None
        self._quiet = PROBES if port is not None else PROBES | {METRICS}
        self._instruments.info.labels(version()).set(1)

    def around(self, app: ASGIApp) -> ASGIApp:
        """Log an app's requests, and measure all but probes and scrapes."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            before = batches.watcher.set(self._instruments.batches.observe)
            try:
                await app(scope, receive, send)
            finally:
                batches.watcher.reset(before)

        return RequestLog(watched, quiet=self._quiet, observe=self._requests.observe)

    def counted(self, accounts: domain.Accounts) -> domain.Accounts:
        """Have attempts to get in be counted."""
        return CountedAccounts(
            passwords=accounts.passwords,
            limits=accounts.limits,
            session_lifetime=accounts.session_lifetime,
            instruments=self._instruments,
        )

    @asynccontextmanager
    async def measuring(self, sources: Sources) -> AsyncGenerator[None]:
        """Look at what there is, and answer at the port of its own, for as long as a block runs.

        Raises `CannotListen`.
        """
        self._sampler = Sampler(self._instruments, sources)
        self._sampler.sample()
        self._instruments.workers.set(1)
        with port_open(*self._port, self._registry) if self._port else nullcontext():
            looking = asyncio.create_task(self._sampler.run())
            try:
                yield
            finally:
                looking.cancel()
                with suppress(asyncio.CancelledError):
                    await looking

    async def page(self, request: Request) -> Response:
        """Answer a scrape on the API's own port."""
        if self._sampler is not None:
            self._sampler.sample()
        text = await run_in_threadpool(generate_latest, self._registry)
        return Response(text, media_type=MEDIA_TYPE)
