"""Operations, from a request's text and variables to what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode
from graphql.execution.values import VariableValues, get_variable_values

from schema.context import Context
from schema.errors import MAX_ERRORS, BadRequest, Code, shown
from server.execution import CoreExecutor, Executor, PlanExecutor
from server.lookups import Lookups
from server.operations.documents import Definition, Documents, Refused
from server.operations.limits import OperationLimits, TooTangled, check_most, counted
from server.operations.pricing import computed
from server.operations.variable_errors import without_value
from server.operations.variables import check_variables

MAX_EXACT = 2**53 - 1  # the largest number that is safe in JSON


class TooCostly(BadRequest):
    """An operation may load more than the limit; says how much, and the limit."""

    def __init__(self, cost: int, limit: int) -> None:
        message = (
            f"This may load {counted(cost)} objects. The limit is {limit:,}: ask for smaller pages."
        )
        told = min(cost, MAX_EXACT)
        super().__init__(message, code=Code.QUERY_TOO_COMPLEX, cost=told, limit=limit)


class Operations:
    """The operations that a schema and some limits allow."""

    def __init__(
        self,
        schema: strawberry.Schema,
        limits: OperationLimits,
        *,
        introspection: bool,
        plans: bool = True,
    ) -> None:
        """Take whether clients may learn of the schema, and if operations run by plans."""
        executor = PlanExecutor if plans else CoreExecutor
        self.limits = limits
        self._executor: Executor = executor(schema, suggests=introspection)
        self._core_schema = schema._schema  # noqa: SLF001 (Strawberry offers no other way)
        self._suggests = introspection
        self._documents = Documents(self._core_schema, limits, introspection=introspection)

    @property
    def lookups(self) -> Mapping[str, Lookups]:
        """How well the caches do."""
        return {"documents": self._documents.lookups, **self._executor.lookups}

    def prepare(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
    ) -> Operation:
        """Get a request ready to run; raises `Refused` for one that is not to."""
        try:
            document = self._documents.get(text)
            if variables:
                check_variables(variables, self.limits)
            definition = document.definition(operation_name)
            values = definition.variables.coerced(variables or {})
            if values is None:
                values = self._coerced(definition.node, variables or {})
            cost = computed(definition.cost, values.coerced)
            if cost > self.limits.cost:
                raise TooCostly(cost, self.limits.cost)
            answered = computed(definition.values, values.coerced)
            check_most("values in the answer", answered, self.limits.values)
        except GraphQLError as error:
            raise Refused(shown([error])) from error
        except RecursionError:
            raise Refused(shown([TooTangled()])) from None
        return Operation(self._executor, definition, values, cost)

    def _coerced(
        self, node: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> VariableValues:
        """Read variables with their defaults; raises `Refused` for those that can't be read."""
        values = get_variable_values(
            self._core_schema,
            node.variable_definitions or (),
            dict(variables),
            max_errors=MAX_ERRORS - 1,  # one is added where there are more
            hide_suggestions=not self._suggests,
        )
        if isinstance(values, list):
            raise Refused(shown([without_value(error) for error in values]))
        return values


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation with its variables, which may run and has not yet."""

    executor: Executor
    definition: Definition
    variables: VariableValues
    cost: int

    async def execute(self, context: Context) -> ExecutionResult:
        """Run it, within a context of its own; its errors are fit to be shown.

        A mutation reads what was written last, before it writes as well as after.
        """
        definition = self.definition
        context.heavy = definition.heavy
        if not definition.is_query:
            context.work.read_latest()
        result = await self.executor.execute(definition, self.variables, context)
        if result.errors:
            errors = shown(
                result.errors, may_be_saved=context.has_written, operation_name=definition.name
            )
            return ExecutionResult(result.data, errors)
        return result
