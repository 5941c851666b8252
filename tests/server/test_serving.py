"""How many processes serve, and what becomes of one that does not."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from persistence import migrations
from server import serving
from tests.server.processes import deployed, is_worker
from tests.server.sockets import until

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
STARTUP_FAILURE = 3  # as uvicorn ends then


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """A database with its tables."""
    url = f"sqlite+aiosqlite:///{tmp_path}/inkwell.db"
    await asyncio.to_thread(migrations.upgrade, url, lambda line: None)
    return url


@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_that_can_not_start_ends_with_an_exit_code(workers: int) -> None:
    """Whoever started it has to know, and to start it again would be of no use."""
    with pytest.raises(SystemExit) as ended:
        serving.run(
            "tests.server.failing:app",
            factory=True,
            port=0,
            workers=workers,
            drain_seconds=60,
            log_config=None,
        )

    assert ended.value.code == STARTUP_FAILURE


@LINUX
async def test_a_worker_that_dies_is_replaced(url: str, tmp_path: Path) -> None:
    """The others serve meanwhile, and nobody has to be called."""
    async with deployed(tmp_path, database_url=url, workers=2) as server:
        before = await server.until_workers_are(2)
        victim = before.pop()
        os.kill(victim, signal.SIGKILL)
        after = await server.until_workers_are(2, without=victim)
        answer = await server.until("/readyz", 200)
        server.tell(signal.SIGINT)
        code = await server.exit_code()

    assert before < after and victim not in after
    assert answer is not None
    assert code == 0
    assert f"Worker {victim} died, and is replaced." in server.log()


@LINUX
async def test_workers_do_not_outlive_their_parent(url: str, tmp_path: Path) -> None:
    """They would keep the port, and nobody could tell them to stop."""
    async with deployed(tmp_path, database_url=url, workers=2, drain_seconds=0) as server:
        workers = await server.until_workers_are(2)
        server.tell(signal.SIGKILL)
        await server.exit_code()

        await until(lambda: not any(is_worker(worker) for worker in workers))
