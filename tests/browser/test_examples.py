"""The examples, run one after the other by somebody who does what they say."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import expect

from server.explorer.pages import BUILT
from tests.browser.explorers import Explorer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EXAMPLES = sorted((BUILT.parent / "src" / "examples").glob("*.graphql"))
OPERATION = re.compile(r"^(?:query|mutation) (\w+)", re.MULTILINE)
MEANT_TO_FAIL = "TooMuch"


async def test_every_example_runs_in_the_order_of_the_tabs(explorer: Explorer) -> None:
    """They are the first that people try; one of them is there to be refused."""
    explorer.watch.expected = {"400: POST /graphql"}

    failed = [name async for name in failures(explorer)]

    assert failed == [MEANT_TO_FAIL]


async def failures(explorer: Explorer) -> AsyncGenerator[str]:
    """Run all operations of all tabs, and name those that end in an error."""
    for example in EXAMPLES:
        first, *others = OPERATION.findall(example.read_text())
        await explorer.tab(first)
        for name in (first, *others):
            answer = await explorer.run(name if others else None)
            if "errors" in answer:
                yield name
            if name == "SignIn":
                await take_over(explorer)


async def take_over(explorer: Explorer) -> None:
    """Go on in the session that was begun in the editor."""
    account = await explorer.show("Account")
    await account.get_by_role("button", name="Use this session").click()
    await expect(account).to_contain_text("@gentle_dandelion")
