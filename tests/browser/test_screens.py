"""The explorer on a laptop and on a phone, in both themes: pictures for people to look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.explorers import LAPTOP, Scheme, visiting
from tests.browser.places import PLACES
from tests.server.processes import Deployed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PHONE = 390
WIDEST = "() => document.scrollingElement.scrollWidth"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [LAPTOP, PHONE])
async def test_nothing_is_wider_than_the_window(
    browser: Browser, server: Deployed, artefacts: Path, width: int, scheme: Scheme, place: str
) -> None:
    """A page that scrolls sideways hides what it says; each leaves its picture."""
    async with visiting(browser, server.port, width=width, scheme=scheme) as explorer:
        await PLACES[place](explorer)

        picture = artefacts / f"{place}-{width}-{scheme}.png"
        await explorer.page.screenshot(path=picture, animations="disabled")

        assert await explorer.page.evaluate(WIDEST) <= width


async def test_a_phone_reaches_everything(browser: Browser, server: Deployed) -> None:
    """What does not fit beside the editor stands beneath it."""
    async with visiting(browser, server.port, width=PHONE) as explorer:
        for button in await explorer.page.locator(".graphiql-sidebar button").all():
            await expect(button).to_be_in_viewport(ratio=1)
        await explorer.execute.click()
        await expect(explorer.answer).to_contain_text("totalCount")
        await explorer.answer.scroll_into_view_if_needed()
        await expect(explorer.answer).to_be_in_viewport()
        for plugin in ("Documentation Explorer", "History", "Account", "Cost"):
            await explorer.show(plugin)
            await expect(explorer.panel).to_be_in_viewport()
