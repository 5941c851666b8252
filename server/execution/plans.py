"""Plans: operations that are compiled, kept for the next request, and run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import strawberry
from cachetools import LRUCache
from graphql import (
    DirectiveNode,
    ExecutionResult,
    GraphQLError,
    OperationType,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues

from server.execution.arguments import Arguments, Read
from server.execution.compiling import Compiler, Unsupported
from server.execution.executors import CoreExecutor, Definition
from server.execution.facts import SchemaFacts
from server.execution.places import Field
from server.execution.running import Run
from server.execution.source import Select
from server.execution.tracing import TracedRun
from server.lookups import Lookups
from server.tracing import current_trace, phase

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
        run = begun(context, Arguments(self._readers, variables), core_maker)
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


def begun(context: Any, arguments: Arguments, core_maker: Callable[[], Any]) -> Run:
    """Begin a run, which tells more if somebody traces it."""
    trace = current_trace()
    if trace is None:
        return Run(context, arguments, core_maker)
    return TracedRun(context, arguments, core_maker, trace)


class Variants:
    """The plans of one operation; some that can't be had are None."""

    def __init__(self, definition: Definition) -> None:
        self._document_bytes = definition.bytes  # whose tokens and text are held on to
        self.conditions = conditions_in(definition)
        self.plans: dict[tuple[Any, ...], Plan | None] = {}

    def add(self, key: tuple[Any, ...], plan: Plan | None) -> None:
        """Keep a plan for some values of the conditions, in place of the oldest if need be."""
        if len(self.plans) == MAX_VARIANTS:
            del self.plans[next(iter(self.plans))]
        self.plans[key] = plan

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
        self._lookups = Lookups()
        self.lookups: Mapping[str, Lookups] = {"plans": self._lookups}
        self._kept: LRUCache[Definition, Variants] = LRUCache(KEPT_BYTES, lambda each: each.bytes)

    async def execute(
        self, definition: Definition, variables: VariableValues, context: Any
    ) -> ExecutionResult:
        plan = self._plan(definition, variables)
        if plan is None:
            return await self._core.execute(definition, variables, context)
        core_maker = partial(self._core.begun, definition, variables, context)
        return await plan.execute(context, variables, core_maker)

    def _plan(self, definition: Definition, variables: VariableValues) -> Plan | None:
        """Find or make the plan of an operation with these variables, if there can be one."""
        variants = self._kept.get(definition) or Variants(definition)
        key = tuple(map(variables.coerced.get, variants.conditions))
        if key in variants.plans:
            self._lookups.hits += 1
        else:
            self._lookups.misses += 1
            variants.add(key, self._compiled(definition, variables))
            self._kept[definition] = variants  # and its size
        return variants.plans[key]

    def _compiled(self, definition: Definition, variables: VariableValues) -> Plan | None:
        kind = definition.node.operation
        type_ = self._facts.core.get_root_type(kind)
        if type_ is None or kind is OperationType.SUBSCRIPTION:
            return None
        compiler = Compiler(self._facts, definition, variables)
        is_serial = kind is OperationType.MUTATION
        try:
            with phase("plan"):
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


def conditions_in(definition: Definition) -> tuple[str, ...]:
    """Name the variables that decide what an operation selects, or its document's fragments."""
    finder = ConditionFinder()
    for node in (definition.node, *definition.fragments.values()):
        visit(node, finder)
    return tuple(sorted(finder.names))
