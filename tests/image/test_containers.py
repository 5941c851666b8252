"""A container as in production: it migrates, serves and ends, and may do nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from time import monotonic

import pytest
from httpx2 import AsyncClient

from tests.image.engines import ALONE, EngineFailed
from tests.image.images import Container, Image
from tests.server.balancers import DRAINING, GENEROUS, READ, sign_up, stop_under_load

pytestmark = [pytest.mark.image, pytest.mark.backends("postgresql")]

DRAIN_SECONDS = 2.0
BUSY_SECONDS = 15.0  # that a container may take to end on a machine that does other things, too
NOTHING = f"{0:016x}"
STATUS = ("python", "-c", "print(open('/proc/1/status').read())")


@pytest.fixture
async def migrated(image: Image, bare_database_url: str) -> str:
    """A database that a container has migrated."""
    said = await asyncio.to_thread(image.does, "migrate", database_url=bare_database_url)
    assert said
    return bare_database_url


@pytest.fixture
async def container(image: Image, migrated: str, tmp_path: Path) -> AsyncGenerator[Container]:
    """A container that serves, with the explorer."""
    began = monotonic()
    async with image.serving(tmp_path, database_url=migrated, explorer="true") as container:
        print(f"\nready after {monotonic() - began:.1f} s")
        yield container


@pytest.mark.backends("postgresql", "mysql", "mariadb")
async def test_it_serves_with_no_rights(container: Container) -> None:
    """Read-only, as nobody in particular, and with all capabilities dropped."""
    await sign_up(container.server)

    status = dict(line.split(":\t", 1) for line in container.runs(*STATUS).splitlines() if line)
    listed = container.runs("sh", "-c", "touch /tmp/written && ls /tmp")

    assert status["Uid"].split() == ["10001"] * 4
    assert status["NoNewPrivs"] == "1"
    assert [status[f"Cap{kind}"] for kind in ("Prm", "Eff", "Bnd", "Amb")] == [NOTHING] * 4
    assert listed == "written\n"
    with pytest.raises(EngineFailed, match="Read-only file system"):
        container.runs("touch", "/inkwell/written")


async def test_it_answers_and_shows_the_explorer(container: Container) -> None:
    """To programs and to browsers, whose page comes out of the image whole."""
    url = f"http://127.0.0.1:{container.server.port}/graphql"
    async with AsyncClient() as client:
        answer = await client.post(url, json={"query": READ})
        page = await client.get(url, headers={"Accept": "text/html"})

    assert answer.json() == {"data": {"posts": {"nodes": []}}}
    assert page.status_code == 200
    assert 'type="module"' in page.text
    assert "https://" not in page.text


async def test_its_health_check_tells_whether_it_lives(image: Image, container: Container) -> None:
    """Engines restart a container by it."""
    kind, *command = image.config()["Healthcheck"]["Test"]

    container.runs(*command)

    assert kind == "CMD"
    with pytest.raises(EngineFailed, match="Connection refused"):
        image.engine.in_container(image.tag, *command, options=ALONE)


@pytest.mark.parametrize("workers", [1, 2])
async def test_no_request_fails_when_it_is_told_to_stop(
    image: Image, migrated: str, tmp_path: Path, workers: int
) -> None:
    """The server is process 1, which takes signals by itself."""
    settings = {"workers": workers, "drain_seconds": DRAIN_SECONDS, **GENEROUS}
    async with image.serving(tmp_path, database_url=migrated, **settings) as container:
        stop = await stop_under_load(container.server)

    print(f"\n{workers} workers: {stop}")
    assert stop.balancer.failures == []
    assert stop.balancer.sent == stop.balancer.answered
    assert stop.balancer.told is not None and stop.balancer.told.body == DRAINING
    assert stop.code == 0
    assert DRAIN_SECONDS <= stop.seconds < DRAIN_SECONDS + BUSY_SECONDS
