"""The GraphQL endpoint in development: it tells what an operation took, if a header asks."""

from __future__ import annotations

import orjson
from starlette.types import Receive, Scope, Send

from persistence import Sent
from server.authentication import token_of
from server.explorer.statements import KeptStatements
from server.http.endpoint import HttpLimits, Page
from server.http.headers import headers_of
from server.http.requests import TRACE_HEADER
from server.http.responses import Answer, dumped
from server.http.tracing import TracingEndpoint
from server.operations import Operations
from server.tracing import Trace, current_trace

ASKS_FOR_TRACE = TRACE_HEADER.lower().encode()


class ExplorerEndpoint(TracingEndpoint):
    """Shows those their trace who ask by the header `Inkwell-Trace`.

    There may be one already, as spans are made of it too.
    """

    def __init__(
        self,
        operations: Operations,
        limits: HttpLimits,
        *,
        page: Page | None,
        statements: KeptStatements,
    ) -> None:
        super().__init__(operations, limits, page=page)
        self._statements = statements

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if current_trace() is not None or not asks_for_trace(scope):
            await super().__call__(scope, receive, send)
            return
        with Trace().current():
            await super().__call__(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        answer, trace = await super()._answer(scope, receive), current_trace()
        if trace is None or not asks_for_trace(scope):
            return answer
        return self._with_trace(answer, trace, scope)

    def _with_trace(self, answer: Answer, trace: Trace, scope: Scope) -> Answer:
        """Add a trace to any answer: that of what was stopped tells most."""

        def keep(sent: Sent) -> str | None:
            token = token_of(headers_of(scope).get(b"authorization"))  # good, or nothing was sent
            return self._statements.keep(sent, token)

        content = orjson.loads(answer.body)
        content.setdefault("extensions", {})["trace"] = trace.shown(handle_of=keep)
        answer.body = dumped(content)
        return answer


def asks_for_trace(scope: Scope) -> bool:
    """Tell whether a client wants to see what its request takes."""
    return ASKS_FOR_TRACE in headers_of(scope)
