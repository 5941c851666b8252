"""What has a state rather than events, and is looked at once a second."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from prometheus_client import Counter
from prometheus_client.process_collector import ProcessCollector

from persistence import Database, Readiness
from server.authentication import Authentication
from server.lookups import Lookups
from server.metrics.instruments import Instruments
from server.passwords import Argon2Passwords

EVERY_SECONDS = 1.0
READINESS_EVERY = 5  # samples, as it takes a statement

log = logging.getLogger("inkwell.metrics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What is looked at."""

    database: Database
    readiness: Readiness
    authentication: Authentication
    passwords: Argon2Passwords
    lookups: Mapping[str, Lookups]


class Sampler:
    """Looks at what a server is made of, and writes what it finds into the instruments."""

    def __init__(self, instruments: Instruments, sources: Sources) -> None:
        self._instruments = instruments
        self._sources = sources
        self._process = ProcessCollector(registry=None)
        self._counted: dict[Counter, float] = defaultdict(float)

    async def run(self) -> None:
        """Look again and again, until it is cancelled."""
        loop = asyncio.get_running_loop()
        for number in count():
            try:
                if number % READINESS_EVERY == 0:
                    await self._ask_readiness()
                self.sample()
            except Exception:  # or there would be no metrics from then on, and no word of it
                log.exception("Metrics could not be looked at")
            due_at = loop.time() + EVERY_SECONDS
            await asyncio.sleep(EVERY_SECONDS)
            self._instruments.lags.observe(max(0, loop.time() - due_at))

    def sample(self) -> None:
        """Look at everything that takes no time; the figures are of now."""
        sources, instruments = self._sources, self._instruments
        instruments.passwords.set(sources.passwords.pending)
        self._follow(instruments.sessions_seen, sources.authentication.noted)
        for cache, lookups in sources.lookups.items():
            self._follow(instruments.lookups.labels(cache, "hit"), lookups.hits)
            self._follow(instruments.lookups.labels(cache, "miss"), lookups.misses)
        self._sample_database()
        self._sample_process()

    async def _ask_readiness(self) -> None:
        self._instruments.ready.set(await self._sources.readiness.objection() is None)

    def _sample_database(self) -> None:
        instruments = self._instruments
        for server in self._sources.database.servers():
            pool = server.pool
            instruments.up.labels(server.name).set(server.answers)
            instruments.connections.labels(server.name, "in_use").set(pool.in_use)
            instruments.connections.labels(server.name, "idle").set(pool.idle)
            instruments.connections_limit.labels(server.name).set(pool.limit)
            instruments.waiting.labels(server.name).set(pool.waiting)
            self._follow(instruments.waits.labels(server.name), pool.waits)

    def _sample_process(self) -> None:
        for family in self._process.collect():
            instrument: Any = self._instruments.process[family.name]
            (sample,) = family.samples
            if isinstance(instrument, Counter):
                self._follow(instrument, sample.value)
            else:
                instrument.set(sample.value)

    def _follow(self, counter: Counter, total: float) -> None:
        """Have a counter say what something has counted itself, which only grows."""
        counter.inc(total - self._counted[counter])
        self._counted[counter] = total
