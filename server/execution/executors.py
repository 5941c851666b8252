"""Who executes operations, and graphql-core's executor as one who does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import strawberry
from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues
from strawberry.execution import optimized_is_awaitable

from server.lookups import Lookups


class Definition(Protocol):
    """An operation of a document, without its variables."""

    @property
    def node(self) -> OperationDefinitionNode: ...

    @property
    def bytes(self) -> int:
        """About how much memory the document takes."""

    @property
    def fragments(self) -> dict[str, FragmentDefinitionNode]: ...

    @property
    def fragment_details(self) -> dict[str, FragmentDetails]: ...


class Executor(Protocol):
    """Executes valid operations; errors are as graphql-core tells them, and not masked."""

    @property
    def lookups(self) -> Mapping[str, Lookups]:
        """How well its caches do, if it has any."""

    async def execute(
        self, definition: Definition, variables: VariableValues, context: Any
    ) -> ExecutionResult:
        """Run an operation within a context of its own."""


class CoreExecutor:
    """Executes by graphql-core, field by field, as its specification says."""

    def __init__(self, schema: strawberry.Schema, *, suggests: bool) -> None:
        self.lookups: Mapping[str, Lookups] = {}
        self._class = schema.execution_context_class
        self._schema = schema._schema  # noqa: SLF001 (Strawberry offers no other way)
        self._suggests = suggests

    async def execute(
        self, definition: Definition, variables: VariableValues, context: Any
    ) -> ExecutionResult:
        running: Any = self.begun(definition, variables, context).execute_operation()
        result: ExecutionResult = await running if optimized_is_awaitable(running) else running
        return result

    def begun(self, definition: Definition, variables: VariableValues, context: Any) -> Any:
        """Make graphql-core's executor of one operation."""
        return self._class(
            self._schema,
            definition.fragments,
            definition.fragment_details,
            root_value=None,
            context_value=context,
            operation=definition.node,
            variable_values=variables,
            field_resolver=default_field_resolver,
            type_resolver=default_type_resolver,
            subscribe_field_resolver=default_field_resolver,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type] # is a TypeGuard but in name
            hide_suggestions=not self._suggests,
        )
