"""The GraphQL endpoint in development: it tells what an operation took, if a header asks."""

from __future__ import annotations

import orjson
from graphql import ExecutionResult
from starlette.types import Receive, Scope, Send

from persistence import Sent
from server.authentication import token_of
from server.explorer.statements import KeptStatements
from server.http.endpoint import GraphQLEndpoint, HttpLimits, Page, execute
from server.http.headers import headers_of
from server.http.requests import TRACE_HEADER
from server.http.responses import Answer, dumped
from server.operations import Operation, Operations
from server.tracing import Trace, current_trace, phase

ASKS_FOR_TRACE = TRACE_HEADER.lower().encode()


class TracingEndpoint(GraphQLEndpoint):
    """Traces requests with the header `Inkwell-Trace`, and answers the others as ever."""

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
        if ASKS_FOR_TRACE not in headers_of(scope):
            await super().__call__(scope, receive, send)
            return
        with Trace().current():
            await super().__call__(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        answer, trace = await super()._answer(scope, receive), current_trace()
        return answer if trace is None else self._with_trace(answer, trace, scope)

    async def _execute(self, operation: Operation, scope: Scope) -> ExecutionResult:
        trace = current_trace()
        if trace is None:
            return await super()._execute(operation, scope)
        with phase("execute"):
            return await execute(operation, scope, trace.usage)

    def _told(
        self, found: ExecutionResult, media_type: str, operation: Operation, scope: Scope
    ) -> Answer:
        if current_trace() is None:
            return super()._told(found, media_type, operation, scope)
        with phase("encode"):
            return super()._told(found, media_type, operation, scope)

    def _with_trace(self, answer: Answer, trace: Trace, scope: Scope) -> Answer:
        """Add a trace to any answer: that of what was stopped tells most."""

        def keep(sent: Sent) -> str | None:
            token = token_of(headers_of(scope).get(b"authorization"))  # good, or nothing was sent
            return self._statements.keep(sent, token)

        content = orjson.loads(answer.body)
        content.setdefault("extensions", {})["trace"] = trace.shown(handle_of=keep)
        answer.body = dumped(content)
        return answer
