"""What people see who open the address of the API for the first time."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Response, expect

from tests.browser.explorers import Explorer
from tests.browser.watching import told

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST_BYTES = 2_500_000


async def test_it_opens_with_examples_and_asks_nobody_else(
    explorer: Explorer, artefacts: Path
) -> None:
    """It works on a plane: all that it loads comes from the server, and is not much."""
    tabs = explorer.page.get_by_role("tablist").get_by_role("tab")

    await explorer.page.wait_for_load_state("networkidle")
    sizes = {told(each.request): size_of(each) for each in explorer.watch.responses}
    listed = [f"{size:>9,} {name}" for name, size in sizes.items()]
    (artefacts / "requests.txt").write_text("\n".join([*listed, ""]))

    await expect(tabs).to_have_count(8)
    await expect(tabs.first).to_contain_text("Feed")
    assert {each.url.startswith(explorer.origin) for each in explorer.watch.responses} == {True}
    assert sum(sizes.values()) < MOST_BYTES


def size_of(response: Response) -> int:
    """The bytes of a body as they were sent."""
    return int(response.headers["content-length"])
