"""The watch over the other tests: their silence has to mean something."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.async_api import Error

from tests.browser.explorers import Explorer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ELSEWHERE = "http://127.0.0.1:1/"


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        pytest.param("console.error('Oh.')", "console: Oh.", id="console"),
        pytest.param("setTimeout(() => { throw new Error('Oh.'); })", "uncaught: Oh.", id="error"),
        pytest.param("fetch('/nowhere')", "404: GET /nowhere", id="status"),
        pytest.param(f"fetch('{ELSEWHERE}')", f"may not load {ELSEWHERE}", id="policy"),
    ],
)
async def test_what_goes_wrong_is_noted(explorer: Explorer, deed: str, told: str) -> None:
    """Nobody who looks at the page sees it."""
    page, watch = explorer.page, explorer.watch

    async with page.expect_event("console"):
        with suppress(Error):
            await page.evaluate(deed)
        await page.evaluate("setTimeout(() => console.log('It is done.'))")

    assert any(told in problem for problem in watch.problems), watch.problems
    watch.expected = {*watch.problems}


async def test_a_request_to_another_host_is_noted_and_goes_nowhere(explorer: Explorer) -> None:
    """Also where no policy forbids it."""
    other = await explorer.page.context.new_page()

    with pytest.raises(Error, match="ERR_FAILED"):
        await other.goto(ELSEWHERE)

    assert f"asked elsewhere: {ELSEWHERE}" in explorer.watch.problems
    explorer.watch.expected = {*explorer.watch.problems}
