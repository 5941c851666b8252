"""What an operation cost, in the panel Cost."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.browser.explorers import Explorer
from tests.browser.places import THREAD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_each_statement_says_which_field_it_is_for(explorer: Explorer) -> None:
    """Who wonders where the time goes looks there first."""
    cost = await explorer.show("Cost")
    await expect(cost).to_contain_text("Run an operation")

    await explorer.run()

    await expect(cost.get_by_role("heading", name="Feed")).to_be_visible()
    await expect(row(cost, "posts.nodes.tags")).to_have_count(1)
    await expect(row(cost, "posts.nodes.comments.nodes")).not_to_have_count(0)
    await expect(cost).to_contain_text("No repeated and no slow statements.")


async def test_the_authors_of_sixty_replies_are_one_statement(explorer: Explorer) -> None:
    """There is no N+1, and one sees it."""
    cost = await explorer.show("Cost")

    await explorer.write(THREAD)
    await explorer.run()

    await expect(row(cost, "node.comments.nodes.author")).to_contain_text("60 parents")
    assert await row(cost, "").count() < 6


async def test_a_statement_is_explained_by_the_database(explorer: Explorer) -> None:
    """The plan is asked for from where the statement stands, also by who is signed in."""
    await explorer.sign_in()
    await expect(explorer.panel).to_contain_text("Signed in as")
    cost = await explorer.show("Cost")
    await explorer.run()

    await row(cost, "posts.nodes.tags").click()
    await cost.get_by_role("button", name="EXPLAIN").click()

    await expect(cost.get_by_label("SQL", exact=True)).to_contain_text("SELECT")
    await expect(cost.get_by_label("Plan", exact=True)).to_contain_text("SEARCH")
    await expect(cost.get_by_label("Plan", exact=True)).to_be_in_viewport()


def row(cost: Locator, path: str) -> Locator:
    """The statements that a field sent, or all."""
    return cost.locator(".cost-row").filter(has_text=path)
