"""Requests that come at their own pace, whether the ones before were answered or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tests.faults.service import Answer, Service
from tests.server.sockets import until

EVERY_SECONDS = 0.04
NEVER = float("-inf")


class Traffic:
    """What came of the requests, reads and writes in turn; a write is kept by its text."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.reads: list[Answer] = []
        self.writes: dict[str, Answer] = {}

    @property
    def answers(self) -> list[Answer]:
        return [*self.reads, *self.writes.values()]

    @property
    def failures(self) -> list[Answer]:
        return [answer for answer in self.answers if not answer.is_good]

    async def goes_on_for(self, seconds: float) -> None:
        """Let requests come for a time."""
        await asyncio.sleep(seconds)

    async def has_answered(self, more: int) -> None:
        """Wait for some more answers than there are."""
        enough = len(self.answers) + more
        await until(lambda: len(self.answers) >= enough)

    def between(self, start: float, end: float) -> list[Answer]:
        """List what was asked within a time."""
        return [answer for answer in self.answers if start <= answer.asked_at < end]

    def recovery_seconds(self, since: float) -> float:
        """Tell how long after a moment the last failure was still told."""
        last = max((answer.answered_at for answer in self.failures), default=NEVER)
        return max(0.0, last - since)

    async def check_nothing_is_lost_or_doubled(self) -> None:
        """Compare what clients were told with what is there."""
        written = await self._service.written()
        assert {*written.values()} <= {1}
        for body, answer in self.writes.items():
            if answer.is_good:
                assert written[body] == 1, answer
            elif not answer.may_be_saved:
                assert written[body] == 0, answer

    async def read(self) -> None:
        self.reads.append(await self._service.read())

    async def write(self, body: str) -> None:
        self.writes[body] = await self._service.write(body)


@asynccontextmanager
async def traffic_to(
    service: Service, *, every_seconds: float = EVERY_SECONDS
) -> AsyncGenerator[Traffic]:
    """Have a read or a write begin again and again; in the end all have been answered."""
    traffic = Traffic(service)
    ending = asyncio.Event()

    async def come(requests: asyncio.TaskGroup) -> None:
        n = 0
        while not ending.is_set():
            requests.create_task(traffic.write(f"{n}") if n % 2 else traffic.read())
            n += 1
            await asyncio.sleep(every_seconds)  # the pace of the clients

    async with asyncio.TaskGroup() as requests:
        requests.create_task(come(requests))
        try:
            yield traffic
        finally:
            ending.set()
