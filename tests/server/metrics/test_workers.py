"""Metrics of real processes: one that serves alone, and several that are read as one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient

from tests.server.metrics.app import FEED
from tests.server.metrics.scraping import Scraped
from tests.server.processes import Deployed, connected, deployed
from tests.servers.system import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]

COUNT = "inkwell_operation_duration_seconds_count"
SECONDS = 60  # on a machine that does other things, too


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Where processes make what is temporary."""
    (tmp_path / "temporary").mkdir()
    return tmp_path / "temporary"


def files_in(temporary: Path) -> set[str]:
    """Name what workers have written."""
    (directory,) = temporary.iterdir()
    return {each.name for each in directory.iterdir()}


async def scrape(port: int) -> Scraped:
    async with AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.status_code == 200
    return Scraped(answer.text)


async def until_told(port: int, is_true: Callable[[Scraped], Any]) -> Scraped:
    """Scrape until something is told, as what another process writes comes a moment later."""
    async with asyncio.timeout(SECONDS):
        while True:
            told = await scrape(port)
            if is_true(told):
                return told
            await asyncio.sleep(0.05)


async def ask_often(server: Deployed, times: int) -> None:
    """Each over a connection of its own, so that any worker may answer."""
    for _ in range(times):
        async with connected(server.port) as connection:
            answer = await connection.query(FEED)
        assert answer.status == 200


@pytest.mark.parametrize("workers", [1, 2])
async def test_the_apis_own_port_tells_of_all_workers(
    url: str, tmp_path: Path, temporary: Path, workers: int
) -> None:
    """Whichever of them answers; and nothing is left over in the end."""
    settings: dict[str, Any] = {"database_url": url, "workers": workers, "tmpdir": temporary}
    async with deployed(tmp_path, metrics="on", **settings) as server:
        await ask_often(server, 20)
        told = await until_told(server.port, lambda told: told(COUNT, operation="Feed") == 20)
        again = await until_told(server.port, lambda told: told(COUNT, operation="Feed") == 20)
        server.tell(signal.SIGINT)
        code = await server.exit_code()

    assert told("inkwell_workers") == again("inkwell_workers") == workers
    assert told("inkwell_pool_connections_limit") == 20 * workers
    assert told("inkwell_ready") == told("inkwell_database_up") == 1
    assert told("inkwell_requests_total", status="200") == 20
    assert code == 0
    assert not any(temporary.iterdir())  # noqa: ASYNC240 (nothing else runs by then)


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_port_of_its_own_is_the_only_one(
    url: str, tmp_path: Path, temporary: Path, workers: int
) -> None:
    """What is for operators need not stand where the world can ask."""
    port = free_port()
    settings: dict[str, Any] = {"database_url": url, "workers": workers, "tmpdir": temporary}
    async with deployed(tmp_path, metrics_port=port, **settings) as server:
        await ask_often(server, 10)
        told = await until_told(port, lambda told: told(COUNT, operation="Feed") == 10)
        async with AsyncClient() as client:
            elsewhere = await client.get(f"http://127.0.0.1:{server.port}/metrics")
        server.tell(signal.SIGINT)
        code = await server.exit_code()

    assert told("inkwell_workers") == workers
    assert elsewhere.status_code == 404
    assert code == 0
    assert not any(temporary.iterdir())  # noqa: ASYNC240 (nothing else runs by then)


async def test_what_a_dead_worker_counted_stays_counted(
    url: str, tmp_path: Path, temporary: Path
) -> None:
    """A counter that fell would be a rise to Prometheus; and its connections are gone with it."""
    port = free_port()
    settings: dict[str, Any] = {"database_url": url, "workers": 2, "tmpdir": temporary}
    async with deployed(tmp_path, metrics_port=port, **settings) as server:
        await ask_often(server, 20)
        await until_told(port, lambda told: told(COUNT) == 20)
        files = files_in(temporary)
        for _ in range(2):
            victim = server.workers().pop()
            os.kill(victim, signal.SIGKILL)
            await until_told(port, lambda told: told("inkwell_workers") == 1)
            await server.until_workers_are(2, without=victim)
            await until_told(port, lambda told: told("inkwell_workers") == 2)
        await ask_often(server, 10)
        told = await until_told(port, lambda told: told(COUNT) == 30)
        files_then = files_in(temporary)

    assert told("inkwell_pool_connections_limit") == 40
    assert files_then == files


async def test_a_port_of_its_own_answers_while_requests_can_not_be(
    url: str, tmp_path: Path, temporary: Path
) -> None:
    """It is asked most when a server is in a bad way, as one whose process hangs."""
    port = free_port()
    settings: dict[str, Any] = {"database_url": url, "workers": 2, "tmpdir": temporary}
    async with deployed(tmp_path, metrics_port=port, **settings) as server:
        workers = server.workers()
        for worker in workers:
            os.kill(worker, signal.SIGSTOP)
        told = await scrape(port)
        for worker in workers:
            os.kill(worker, signal.SIGCONT)

    assert told("inkwell_workers") == 2
