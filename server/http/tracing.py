"""The GraphQL endpoint where requests are traced, some of them or all."""

from __future__ import annotations

from graphql import ExecutionResult
from starlette.types import Scope

from server.http.endpoint import GraphQLEndpoint, execute
from server.http.responses import Answer
from server.operations import Operation
from server.tracing import current_trace, phase


class TracingEndpoint(GraphQLEndpoint):
    """Has the current trace told what a request takes, and answers as ever if there is none."""

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
