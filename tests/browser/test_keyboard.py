"""The explorer without a mouse."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from server import demo
from tests.browser.explorers import MEMBER, Explorer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST_STOPS = 60
FOCUSED = """() => {
  const at = document.activeElement;
  const { outlineStyle, outlineColor } = getComputedStyle(at);
  const isSeen = outlineStyle !== "none" && !outlineColor.startsWith("rgba");
  const named = at.closest("[aria-label]")?.ariaLabel;
  return { label: at.labels?.[0]?.textContent ?? named ?? at.tagName, isSeen };
}"""


async def test_an_operation_is_written_and_run_by_keys_alone(explorer: Explorer) -> None:
    """Tab passes the editor by, Enter goes into it, and Ctrl-M has Tab lead out of it."""
    page = explorer.page

    await go_to(page, "Operation Editor")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("query Own { posts { totalCount } }")
    await page.keyboard.press("Control+M")
    await go_to(page, "Execute query")
    await page.keyboard.press("Enter")

    await expect(explorer.answer).to_contain_text("totalCount")


async def test_one_signs_in_by_keys_alone(explorer: Explorer) -> None:
    """The panel and each field of its form are stops, and Enter sends it."""
    page = explorer.page

    await go_to(page, "Show Account")
    await page.keyboard.press("Enter")
    await go_to(page, "Username or email")
    await page.keyboard.type(MEMBER)
    await go_to(page, "Password")
    await page.keyboard.type(demo.PASSWORD)
    await page.keyboard.press("Enter")

    await expect(explorer.panel).to_contain_text(f"@{MEMBER}")


async def go_to(page: Page, label: str) -> None:
    """Press Tab until something has the focus, and see on the way what has it."""
    async for stop in stops(page):
        assert stop["isSeen"] or stop["label"] == "BODY", stop
        if stop["label"].startswith(label):
            return
    pytest.fail(f"Tab does not lead to {label}.")


async def stops(page: Page) -> AsyncGenerator[dict[str, Any]]:
    """Where Tab leads, one after the other."""
    for _ in range(MOST_STOPS):
        await page.keyboard.press("Tab")
        yield await page.evaluate(FOCUSED)
