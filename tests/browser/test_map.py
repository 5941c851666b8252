"""The schema as a picture."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.explorers import Explorer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_map_shows_the_entities_and_closes_by_escape(explorer: Explorer) -> None:
    """It lies over the page, and leaves it as it was."""
    panel = await explorer.show("Schema map")
    large = explorer.page.get_by_role("dialog", name="Schema map")

    for entity in ("Post", "User", "Comment", "Tag"):
        await expect(large.get_by_role("region", name=entity, exact=True)).to_be_visible()
    await explorer.page.keyboard.press("Escape")

    await expect(large).not_to_be_visible()
    await expect(panel.get_by_role("button", name="Open the picture")).to_be_visible()


async def test_a_type_of_the_map_leads_to_its_documentation(explorer: Explorer) -> None:
    """The picture is a way into the schema."""
    await explorer.show("Schema map")
    large = explorer.page.get_by_role("dialog", name="Schema map")

    await large.get_by_role("button", name="Comment", exact=True).click()

    await expect(large).not_to_be_visible()
    await expect(explorer.panel).to_contain_text("A reader's reply to a post.")
