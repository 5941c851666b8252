"""Fixtures: a browser, a server with demo data, and the explorer that it shows."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from server.explorer.pages import BUILT
from tests.browser.explorers import Explorer, visiting
from tests.server.processes import ROOT, Deployed, deployed
from tests.servers import MissingServer

FLAGS = (
    "--no-sandbox",  # CI is root, and opens no page but ours
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


class Serve(Protocol):
    """Serves a copy of the demo, with settings, for as long as a block runs."""

    def __call__(
        self, directory: Path, **settings: Any
    ) -> AbstractAsyncContextManager[Deployed]: ...


def chromium() -> str:
    """The browser's program; raises `MissingServer`."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        raise MissingServer("Chromium is not installed: `apt-get install chromium`.")
    return program


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """Debian's Chromium, which finds no other host."""
    program = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo data that people have at first."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": url_of(file)}
    for command in ("migrate", "seed"):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "server", command), cwd=file.parent, env=environment
        )
        assert await process.wait() == 0
    return file


@pytest.fixture(scope="session")
def serve(demo: Path) -> Serve:
    """Serve the demo, and the explorer that was built; raises `RuntimeError` without one."""
    if not (BUILT / "index.html").exists():
        raise RuntimeError("The explorer is not built: `make explorer` does it.")

    def serve(directory: Path, **settings: Any) -> AbstractAsyncContextManager[Deployed]:
        copy = shutil.copy(demo, directory)
        return deployed(
            directory,
            database_url=url_of(copy),
            sign_in_limit_per_login="1000 per minute",
            **settings,
        )

    return serve


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(
    serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Deployed]:
    """The server that tests share, in development."""
    async with serve(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def explorer(browser: Browser, server: Deployed) -> AsyncGenerator[Explorer]:
    """The explorer, opened for the first time."""
    async with visiting(browser, server.port) as explorer:
        yield explorer


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where pictures and lists are left for people to look at."""
    folder = Path(os.environ.get("BROWSER_ARTEFACTS", Path(__file__).parent / "artefacts"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def url_of(file: Path | str) -> str:
    return f"sqlite+aiosqlite:///{file}"
