"""The explorer in front of servers that are not as in development, or not there."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Serve
from tests.browser.explorers import visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PRODUCTION = {
    "environment": "production",
    "allowed_hosts": "127.0.0.1",
    "explorer": True,
    "introspection": True,
    "introspection_reason": "a public API",
}


async def test_production_shows_the_page_and_traces_nothing(
    browser: Browser, serve: Serve, tmp_path: Path
) -> None:
    """Who lets people explore an API in production does not tell them of its database."""
    async with serve(tmp_path, **PRODUCTION) as server, visiting(browser, server.port) as explorer:
        await explorer.run()

        await expect(explorer.answer).to_contain_text("totalCount")
        await expect(explorer.plugin("Account")).to_be_visible()
        await expect(explorer.plugin("Cost")).to_have_count(0)
        sent = [await each.request.all_headers() for each in explorer.watch.responses]
        assert not any("inkwell-trace" in headers for headers in sent)


async def test_a_server_that_is_gone_is_told_in_words(
    browser: Browser, serve: Serve, tmp_path: Path
) -> None:
    """It is not the operation that is wrong."""
    async with serve(tmp_path) as server, visiting(browser, server.port) as explorer:
        explorer.watch.stop()  # what is missing is asked for at any time: here nothing is cached
        server.tell(signal.SIGKILL)
        await server.exit_code()

        await explorer.editor.press("Control+Enter")

        await expect(explorer.answer).to_contain_text(
            f"The server at {explorer.origin} does not answer."
        )
