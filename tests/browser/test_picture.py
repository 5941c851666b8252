"""The picture of the explorer in the README, which `make picture` takes anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.explorers import Explorer, Scheme, visiting
from tests.server.processes import Deployed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PICTURES: dict[Scheme, str] = {"light": "explorer.png", "dark": "explorer-dark.png"}
LARGEST = 300_000
FEED = """query Feed {
  posts(first: 20) {
    nodes {
      title
      author {
        displayName
      }
      tags {
        name
      }
      comments(first: 3) {
        nodes {
          body
          author {
            displayName
          }
        }
      }
    }
  }
}"""


@pytest.mark.parametrize("scheme", PICTURES)
async def test_a_picture_shows_what_a_nested_query_costs(
    browser: Browser, server: Deployed, artefacts: Path, scheme: Scheme
) -> None:
    """A document, its answer, and four statements for twenty posts, at one glance."""
    async with visiting(browser, server.port, scheme=scheme) as explorer:
        cost = await feed_and_its_cost(explorer)

        picture = await explorer.page.screenshot(animations="disabled")

        await expect(cost.locator(".cost-row")).to_have_count(4)
        await expect(cost.get_by_label("SQL", exact=True)).to_be_in_viewport()
        assert len(picture) < LARGEST
        (artefacts / PICTURES[scheme]).write_bytes(picture)


async def feed_and_its_cost(explorer: Explorer) -> Locator:
    """Run the feed twice, as the first time is the slower one, and open its last statement."""
    await explorer.write(FEED)
    await explorer.run()
    await explorer.run()
    await expect(explorer.answer).to_contain_text("comments")
    cost = await explorer.show("Cost")
    await widen(explorer)
    await cost.locator(".cost-row").last.click()
    return cost


async def widen(explorer: Explorer) -> None:
    """Give the panel more room, so that its statements are seen together."""
    edge = await explorer.page.locator(".graphiql-horizontal-drag-bar").first.bounding_box()
    assert edge is not None
    x, y = edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2
    await explorer.page.mouse.move(x, y)
    await explorer.page.mouse.down()
    await explorer.page.mouse.move(x + 60, y, steps=5)
    await explorer.page.mouse.up()
