"""Plans: operations that are compiled, kept for the next request, and run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import strawberry
from cachetools import LRUCache
from graphql import (
    DirectiveNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues

from server.execution.arguments import Arguments, Read
from server.execution.compiling import Compiler, Unsupported
from server.execution.executors import CoreExecutor, Document
from server.execution.facts import SchemaFacts
from server.execution.places import Field
from server.execution.running import Run
from server.execution.source import Select

KEPT_BYTES = 100_000_000  # in all operations together that are kept compiled
FIELD_BYTES = 3_000  # about, in a plan
MAX_VARIANTS = 4  # of an operation, by the variables that decide what it selects


class Plan:
    """An operation that is compiled, for some values of the variables that decide its fields.

    Takes a function for all fields of its root, or one for each if they run one by one.
    """

    def __init__(self, roots: Sequence[Select], readers: Sequence[tuple[Field, Read]]) -> None:
        self._roots = roots
        self._readers = readers

    @property
    def size(self) -> int:
        """How many fields it has."""
        return len(self._readers)

    async def execute(
        self, context: Any, variables: VariableValues, core_maker: Callable[[], Any]
    ) -> ExecutionResult:
        """Run it within a context; what makes graphql-core's executor is for what is rare."""
        run = Run(context, Arguments(self._readers, variables), core_maker)
        result: dict[str, Any] = {}
        try:
            for select in self._roots:
                found = select(run, None, None)
                await run.finish()
                if run.is_null:
                    break
                result.update(found)
        except GraphQLError as error:
            run.null_root(error)
        finally:
            await run.clear()
        return ExecutionResult(None if run.is_null else result, run.errors or None)


class Variants:
    """The plans of one operation, which is kept with them, as it is known by its id."""

    def __init__(self, document: Document, operation: OperationDefinitionNode) -> None:
        self.operation = operation
        self._document_bytes = document.bytes  # of which it holds on to the tokens and the text
        self.conditions = conditions_in(document, operation)
        self.plans: LRUCache[tuple[Any, ...], Plan | None] = LRUCache(MAX_VARIANTS)

    @property
    def bytes(self) -> int:
        """About how much memory they take, as far as there is room for any."""
        fields = sum(plan.size for plan in self.plans.values() if plan is not None)
        return min(self._document_bytes + FIELD_BYTES * fields, KEPT_BYTES)


class PlanExecutor:
    """Executes by plans, and by graphql-core what there can be no plan for."""

    def __init__(self, schema: strawberry.Schema, *, suggests: bool) -> None:
        self._facts = SchemaFacts(schema, suggests=suggests)
        self._core = CoreExecutor(schema, suggests=suggests)
        self._kept: LRUCache[int, Variants] = LRUCache(KEPT_BYTES, lambda each: each.bytes)

    async def execute(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        context: Any,
    ) -> ExecutionResult:
        plan = self._plan(document, operation, variables)
        if plan is None:
            return await self._core.execute(document, operation, variables, context)
        core_maker = partial(self._core.begun, document, operation, variables, context)
        return await plan.execute(context, variables, core_maker)

    def _plan(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> Plan | None:
        """Find or make the plan of an operation with these variables, if there can be one."""
        variants = self._kept.get(id(operation)) or Variants(document, operation)
        coerced = variables.coerced
        key = tuple([coerced.get(name) for name in variants.conditions])
        if key not in variants.plans:
            variants.plans[key] = self._compiled(document, operation, variables)
            self._kept[id(operation)] = variants  # and its size
        return variants.plans[key]

    def _compiled(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> Plan | None:
        type_ = self._facts.core.get_root_type(operation.operation)
        is_serial = operation.operation is OperationType.MUTATION
        if type_ is None or operation.operation is OperationType.SUBSCRIPTION:
            return None
        compiler = Compiler(self._facts, document, operation, variables)
        try:
            return Plan(compiler.root(type_, is_serial=is_serial), compiler.readers)
        except (GraphQLError, RecursionError, Unsupported):
            return None  # which graphql-core tells of, or knows how to do


class ConditionFinder(Visitor):
    """Looks for the variables in `@skip` and `@include`, which are all the directives we have."""

    def __init__(self) -> None:
        super().__init__()
        self.names = set[str]()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.names.add(argument.value.name.value)


def conditions_in(document: Document, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """Name the variables that decide what an operation selects, or its document's fragments."""
    finder = ConditionFinder()
    for definition in (operation, *document.fragments.values()):
        visit(definition, finder)
    return tuple(sorted(finder.names))
