"""Operations that are run by both executors; all that the tests know of how that is done."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    parse,
    validate,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues, get_variable_values

from server.execution import CoreExecutor, Executor, PlanExecutor
from server.operations.validation import RULES


class Invalid(Exception):
    """An operation is refused before it is executed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation:
    """A valid operation with its variables, and the fragments of its document."""

    text: str
    node: OperationDefinitionNode
    variables: VariableValues
    fragments: dict[str, FragmentDefinitionNode]
    fragment_details: dict[str, FragmentDetails]
    bytes: int = 20_000


class Executors:
    """Both executors of a schema."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.core = CoreExecutor(schema, suggests=True)
        self.plans = PlanExecutor(schema, suggests=True)
        self._schema = schema._schema  # noqa: SLF001 (Strawberry offers no other way)

    def prepare(
        self, text: str, variables: Mapping[str, Any] | None = None, *, is_valid: bool = False
    ) -> Operation:
        """Get the only operation of a document ready; raises `Invalid`.

        Validation takes longer than all the rest: what is known to be valid can go without.
        """
        node = parse(text)
        errors = [] if is_valid else validate(self._schema, node, RULES)
        if errors:
            raise Invalid("\n".join(map(str, errors)))
        operations = [
            each for each in node.definitions if isinstance(each, OperationDefinitionNode)
        ]
        fragments = {
            each.name.value: each
            for each in node.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        (operation,) = operations
        values = get_variable_values(
            self._schema, operation.variable_definitions or (), dict(variables or {})
        )
        if isinstance(values, list):
            raise Invalid("\n".join(map(str, values)))
        return Operation(
            text=text,
            node=operation,
            variables=values,
            fragments=fragments,
            fragment_details={name: FragmentDetails(each) for name, each in fragments.items()},
        )

    def is_planned(self, operation: Operation) -> bool:
        """Tell whether there is a plan, or graphql-core runs it in both cases."""
        plan = self.plans._plan(operation, operation.variables)  # noqa: SLF001 (nobody else wants to know)
        return plan is not None

    async def both(
        self, operation: Operation, core_context: Any = None, plans_context: Any = None
    ) -> tuple[ExecutionResult, ExecutionResult]:
        """Run it by graphql-core, and then by plans."""
        return (
            await run(self.core, operation, core_context),
            await run(self.plans, operation, plans_context),
        )


async def run(executor: Executor, operation: Operation, context: Any = None) -> ExecutionResult:
    """Run an operation to its end, and until all that it left behind has ended too."""
    result = await executor.execute(operation, operation.variables, context)
    await left_alone()
    return result


async def left_alone() -> None:
    """Wait until nothing else runs."""
    while running := others():
        await asyncio.gather(*running, return_exceptions=True)


def others() -> set[asyncio.Task[Any]]:
    """All that runs beside the test."""
    return asyncio.all_tasks() - {asyncio.current_task()}
