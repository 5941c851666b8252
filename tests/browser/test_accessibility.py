"""The explorer for those who do not see it well, and as axe judges it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser

from server.explorer.pages import BUILT
from tests.browser.explorers import Explorer, Scheme, visiting
from tests.browser.places import PLACES
from tests.server.processes import Deployed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = BUILT.parent / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
TOLERATED = {
    "nested-interactive": ".graphiql-tab",  # GraphiQL's tabs hold their buttons
    "link-in-text-block": ".graphiql-doc-explorer-item a",  # signatures are no sentences
}
JUDGE = """async ([levels, tolerated]) => {
  const found = await axe.run({ runOnly: levels, elementRef: true });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.filter(({ element }) => !(id in tolerated && element.matches(tolerated[id])))
      .map(({ target, failureSummary }) => `${id}: ${help}\\n  ${target}\\n  ${failureSummary}`));
}"""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(
    browser: Browser, server: Deployed, place: str, scheme: Scheme
) -> None:
    """WCAG 2.1, levels A and AA, as far as a program can tell."""
    async with visiting(browser, server.port, scheme=scheme) as explorer:
        await PLACES[place](explorer)

        found = await violations(explorer)

        assert not found, "\n".join(found)


async def violations(explorer: Explorer) -> list[str]:
    await explorer.page.evaluate(AXE.read_text())
    arguments: list[Any] = [LEVELS, TOLERATED]
    found: list[str] = await explorer.page.evaluate(JUDGE, arguments)
    return found
