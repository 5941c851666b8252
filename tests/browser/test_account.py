"""Signing in and out in the panel Account."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.explorers import MEMBER, Explorer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEPT = """() => Object.entries({ ...sessionStorage, ...localStorage })
  .flatMap(([key, value]) => key.includes("token") ? [value] : [])"""
WHO = "query Who { viewer { username } }"


async def test_a_member_signs_in_writes_replies_and_signs_out(explorer: Explorer) -> None:
    """All as one person, until the token is gone."""
    account = await explorer.sign_in()
    await expect(account).to_contain_text(f"@{MEMBER}")

    await explorer.tab("WritePost")
    written = await explorer.run()
    await explorer.tab("Reply")
    replied = await explorer.run()
    await account.get_by_role("button", name="Sign out").click()

    assert written["data"]["createPost"]["post"]["author"]["displayName"] == "Gentle Dandelion"
    assert replied["data"]["addComment"]["commentEdge"]["node"]["body"] == "I read this twice."
    await expect(account.get_by_label("Password")).to_be_visible()
    assert await explorer.page.evaluate(KEPT) == []
    assert await viewer(explorer) is None


async def test_a_wrong_password_is_told_beside_the_form(explorer: Explorer) -> None:
    """What was typed stays, to be mended."""
    account = await explorer.sign_in(password="anything else")  # noqa: S106 (it is none)

    await expect(account.get_by_role("alert")).to_contain_text("password")
    await expect(account.get_by_label("Username or email")).to_have_value(MEMBER)


async def test_a_session_that_was_ended_elsewhere_is_told(explorer: Explorer) -> None:
    """The token is of no use any more, and is forgotten."""
    explorer.watch.expected = {"401: POST /graphql"}
    account = await explorer.sign_in()
    await expect(account).to_contain_text(f"@{MEMBER}")

    await end_elsewhere(explorer)
    answer = await explorer.run()

    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    await expect(account.get_by_role("status")).to_have_text(
        "Your session has ended. Sign in again."
    )
    assert await explorer.page.evaluate(KEPT) == []


async def test_a_reload_keeps_the_tabs_and_who_is_signed_in(explorer: Explorer) -> None:
    """Work is not lost; but another tab of the browser does not know who one is."""
    await explorer.sign_in()
    await expect(explorer.panel).to_contain_text(f"@{MEMBER}")
    await explorer.new_tab()
    await explorer.write(WHO)
    await expect(explorer.page.get_by_role("tab", name="Who")).to_be_visible()

    await explorer.open()
    after_reload = await viewer(explorer)
    other = Explorer(await explorer.page.context.new_page(), explorer.origin, explorer.watch)
    await other.open()

    assert after_reload == {"username": MEMBER}
    await expect(other.page.get_by_role("tab", name="Who")).to_be_visible()
    assert await viewer(other) is None


async def viewer(explorer: Explorer) -> dict[str, str] | None:
    """Ask the server who one is."""
    await explorer.write(WHO)
    answer = await explorer.run()
    found: dict[str, str] | None = answer["data"]["viewer"]
    return found


async def end_elsewhere(explorer: Explorer) -> None:
    """Sign out with the page's token, and not in the page."""
    [token] = await explorer.page.evaluate(KEPT)
    answer = await explorer.page.request.post(
        f"{explorer.origin}/graphql",
        headers={"Authorization": f"Bearer {token}"},
        data={"query": "mutation { signOut }"},
    )
    assert (await answer.json()) == {"data": {"signOut": True}}
