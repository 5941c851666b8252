"""Writing operations, running them, and reading what the schema offers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.explorers import Explorer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_what_is_begun_is_completed_and_runs_with_ctrl_enter(explorer: Explorer) -> None:
    """The schema is in the editor: nobody has to know it by heart."""
    page = explorer.page
    await explorer.new_tab()
    await explorer.editor.focus()

    await page.keyboard.type("{ po")
    await page.get_by_role("listbox", name="Suggest").get_by_text("posts", exact=True).click()
    await page.keyboard.type("(first: 1) { nodes { title } }")
    answer = await explorer.run()

    title = answer["data"]["posts"]["nodes"][0]["title"]
    await expect(explorer.answer).to_contain_text(title)


async def test_the_documentation_finds_a_type(explorer: Explorer) -> None:
    """What a type has stands beside the editor, as the schema describes it."""
    docs = await explorer.show("Documentation Explorer")

    await docs.get_by_role("combobox").press_sequentially("Post")
    await explorer.page.get_by_role("option", name="Post", exact=True).click()

    await expect(docs).to_contain_text("A piece of writing, open to comments.")
    await expect(docs.get_by_role("link", name="comments", exact=True)).to_be_visible()


async def test_a_list_is_paged_forward_and_back(explorer: Explorer) -> None:
    """As the example says: a cursor goes from the answer into the variables."""
    await explorer.tab("FirstPage")

    first = await explorer.run("FirstPage")
    await turn(explorer, to=first["data"]["posts"]["pageInfo"]["endCursor"])
    second = await explorer.run("NextPage")
    await turn(explorer, to=second["data"]["posts"]["pageInfo"]["startCursor"])
    back = await explorer.run("PreviousPage")

    assert not {*titles(first)} & {*titles(second)}
    assert titles(back) == titles(first)
    await expect(explorer.answer).to_contain_text(titles(first)[0])


async def test_errors_are_shown_as_the_server_tells_them(explorer: Explorer) -> None:
    """One that a person can act on is data, and one for a program has a code."""
    explorer.watch.expected = {"400: POST /graphql"}

    await explorer.sign_in()
    await expect(explorer.panel).to_contain_text("Signed in as")
    await explorer.tab("BadPost")
    await explorer.run("BadPost")
    await expect(explorer.answer).to_contain_text('"__typename": "InvalidInput"')
    await explorer.run("TooMuch")

    await expect(explorer.answer).to_contain_text('"errors"')
    await expect(explorer.answer).to_contain_text("QUERY_TOO_COMPLEX")


async def turn(explorer: Explorer, *, to: str) -> None:
    await explorer.write_variables(json.dumps({"cursor": to}))


def titles(answer: dict[str, Any]) -> list[str]:
    return [node["title"] for node in answer["data"]["posts"]["nodes"]]
