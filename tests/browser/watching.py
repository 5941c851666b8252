"""What goes wrong in a page without anybody seeing it, and whom the page speaks to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Request, Response, Route, WebError

TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
  console.error(`${sourceFile} may not load ${blockedURI}: ${violatedDirective}`));
"""
TOLD_BY_THE_REQUEST = "Failed to load resource"
BAD_STATUS = 400
GIVEN_UP = "net::ERR_ABORTED"  # by the page itself: it was stopped, or left


class Watch:
    """Notes what goes wrong in the pages of a context, and each request they make.

    No request reaches another host than the server's.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._is_watching = True
        self.problems: list[str] = []
        self.expected: set[str] = set()
        """The problems that a test brings about: each of them has to come."""
        self.responses: list[Response] = []

    async def over(self, context: BrowserContext) -> None:
        """Watch a context from now on."""
        foreign = re.compile(rf"^(?!data:|blob:|{re.escape(self._origin)}/)")
        await context.add_init_script(TELL_VIOLATIONS)
        await context.route(foreign, self._refuse)
        context.on("console", self._heard)
        context.on("weberror", self._failed)
        context.on("requestfailed", self._lost)
        context.on("response", self._answered)

    def stop(self) -> None:
        """Note nothing any more, as when the server goes away."""
        self._is_watching = False

    def judge(self) -> None:
        """Fail if anything went wrong that was not expected, or the other way round."""
        assert {*self.problems} == self.expected, "\n".join(self.problems)

    def _note(self, problem: str) -> None:
        if self._is_watching:
            self.problems.append(problem)

    async def _refuse(self, route: Route) -> None:
        self._note(f"asked elsewhere: {route.request.url}")
        await route.abort()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(TOLD_BY_THE_REQUEST):
            self._note(f"console: {message.text}")

    def _failed(self, error: WebError) -> None:
        self._note(f"uncaught: {error.error}")

    def _lost(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self._note(f"no answer: {told(request)}")

    def _answered(self, response: Response) -> None:
        self.responses.append(response)
        if response.status >= BAD_STATUS:
            self._note(f"{response.status}: {told(response.request)}")


def told(request: Request) -> str:
    """Name a request as a log does."""
    return f"{request.method} {urlsplit(request.url).path}"
