"""The explorer as a person at a browser uses it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Literal

from playwright.async_api import Browser, Locator, Page, Response, ViewportSize, expect

from server import demo
from tests.browser.watching import Watch

Scheme = Literal["light", "dark"]
MEMBER = "gentle_dandelion"
LAPTOP = 1280
NAME = re.compile(r"(?:query|mutation) (\w+)")
PATIENCE_MS = 10_000


class Explorer:
    """A browser's tab with the explorer in it."""

    def __init__(self, page: Page, origin: str, watch: Watch) -> None:
        self.page = page
        self.watch = watch
        self.origin = origin
        self.answer = self._region("Result Window").locator(".view-lines")
        self.document = self._region("Operation Editor").locator(".view-lines")
        self.editor = self._region("Operation Editor").get_by_role("textbox")
        self.panel = page.locator(".graphiql-plugin")
        self.execute = page.get_by_role("button", name="Execute query")

    def _region(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    async def open(self) -> None:
        """Go to the page, and wait until it has read the schema."""
        async with self.page.expect_response(is_asked_for("IntrospectionQuery")):
            await self.page.goto(f"{self.origin}/graphql")
        await expect(self.document).not_to_have_text("")

    async def write(self, document: str) -> None:
        """Write a document in place of what stands in the editor, and wait for the tab's name."""
        await self._paste(document, self.editor)
        name = NAME.search(document)
        assert name is not None
        await expect(self.page.get_by_role("tab", selected=True)).to_contain_text(name[1])

    async def write_variables(self, variables: str) -> None:
        """Write the variables in place of those that are there, in a line."""
        shown = self._region("Variables").locator(".graphiql-editor:not(.hidden)")
        await self._paste(variables, shown.get_by_role("textbox"))
        await expect(shown.locator(".view-lines")).to_have_text(variables)

    async def _paste(self, text: str, editor: Locator) -> None:
        await self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        await editor.press("Control+A")
        await editor.press("Control+V")

    async def run(self, operation: str | None = None) -> dict[str, Any]:
        """Run what is in the editor, by Ctrl-Enter or by its name; return what came back."""
        async with self.page.expect_response(is_asked_for(operation)) as coming:
            if operation is None:
                await self.editor.press("Control+Enter")
            else:
                await self._choose(operation)
        response = await coming.value
        answer: dict[str, Any] = await response.json()
        return answer

    async def _choose(self, operation: str) -> None:
        await expect(self.execute).to_have_attribute("aria-haspopup", "menu")
        await self.execute.click()
        await self.page.get_by_role("menuitem", name=operation, exact=True).click()

    async def tab(self, name: str) -> None:
        """Turn to a tab."""
        await self.page.get_by_role("tab", name=name).get_by_role("button", name=name).click()
        await expect(self.document).to_contain_text(name)

    async def new_tab(self) -> None:
        """Open an empty tab."""
        await self.page.get_by_role("button", name="New tab").click()
        await expect(self.document).to_have_text("")

    def plugin(self, name: str) -> Locator:
        """The button that opens a panel, in the bar on the left."""
        return self.page.get_by_role("button", name=f"Show {name}")

    async def show(self, plugin: str) -> Locator:
        """Open a panel, which is returned."""
        await self.plugin(plugin).click()
        return self.panel

    async def sign_in(self, password: str = demo.PASSWORD) -> Locator:
        """Send the form of the panel Account, which is returned."""
        account = await self.show("Account")
        await account.get_by_label("Username or email").fill(MEMBER)
        await account.get_by_label("Password").fill(password)
        await account.get_by_role("button", name="Sign in").click()
        return account


def is_asked_for(operation: str | None) -> Callable[[Response], bool]:
    """Choose the answer to an operation: the one of a name, or any from the editor."""

    def is_it(response: Response) -> bool:
        request = response.request
        if request.method != "POST" or not request.url.endswith("/graphql"):
            return False
        sent: Any = request.post_data_json
        if operation is None:
            return "operationName" in sent  # what the page asks for itself has none
        return bool(sent.get("operationName") == operation)

    return is_it


@asynccontextmanager
async def visiting(
    browser: Browser, port: int, *, width: int = LAPTOP, scheme: Scheme = "light"
) -> AsyncGenerator[Explorer]:
    """Open the explorer of a server as somebody who was never there; nothing may go wrong."""
    origin = f"http://127.0.0.1:{port}"
    watch = Watch(origin)
    size = ViewportSize(width=width, height=800)
    context = await browser.new_context(
        viewport=size,
        color_scheme=scheme,
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        await watch.over(context)
        explorer = Explorer(await context.new_page(), origin, watch)
        await explorer.open()
        yield explorer
        watch.judge()
    finally:
        await context.close()
