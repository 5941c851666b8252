"""The places of the explorer that are looked at in both themes and on all widths."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from playwright.async_api import expect

from tests.browser.explorers import Explorer

Go: TypeAlias = Callable[[Explorer], Awaitable[None]]

THREAD = """query Thread {
  node(id: "UG9zdDo5NTY=") {
    ... on Post {
      title
      comments(first: 60) {
        nodes {
          body
          author {
            displayName
          }
        }
      }
    }
  }
}
"""


async def opening(explorer: Explorer) -> None:
    """The page as it opens."""
    await explorer.page.wait_for_load_state("networkidle")


async def account(explorer: Explorer) -> None:
    """The form, after a wrong password."""
    account = await explorer.sign_in(password="anything else")  # noqa: S106 (it is none)
    await expect(account.get_by_role("alert")).not_to_be_empty()


async def signed_in(explorer: Explorer) -> None:
    """Who one is, after signing in."""
    account = await explorer.sign_in()
    await expect(account).to_contain_text("Signed in as")


async def documentation(explorer: Explorer) -> None:
    """A type with its fields."""
    docs = await explorer.show("Documentation Explorer")
    await docs.get_by_role("link", name="Query", exact=True).click()
    await expect(docs).to_contain_text("All posts")


async def cost(explorer: Explorer) -> None:
    """Sixty replies and their authors, with a statement that is explained."""
    await explorer.write(THREAD)
    await explorer.run()
    cost = await explorer.show("Cost")
    await cost.locator(".cost-row").last.click()
    await cost.get_by_role("button", name="EXPLAIN").click()
    await expect(cost.get_by_label("Plan", exact=True)).to_be_visible()


async def schema_map(explorer: Explorer) -> None:
    """The picture of the schema."""
    await explorer.show("Schema map")
    large = explorer.page.get_by_role("dialog", name="Schema map")
    await expect(large.get_by_role("region", name="Comment", exact=True)).to_be_visible()


PLACES: dict[str, Go] = {
    "opening": opening,
    "account": account,
    "signed-in": signed_in,
    "documentation": documentation,
    "cost": cost,
    "map": schema_map,
}
