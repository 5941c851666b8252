"""What runs at the same time: siblings, loaders, and nothing at all after a cancellation."""

from __future__ import annotations

import asyncio

import pytest
from graphql import ExecutionResult

from server.execution import Executor
from tests.cancellation import end_of
from tests.server.execution.named.fields import Context, schema
from tests.server.execution.running import Executors, others, run

EXECUTORS = Executors(schema)
BOTH = pytest.mark.parametrize(
    "executor", [EXECUTORS.core, EXECUTORS.plans], ids=["graphql-core", "plans"]
)
TICKS = 20  # more than any of the operations takes
FOREVER_SECONDS = 10
LEVEL = "{ node { children(count: 3) { tenfold child { tenfold } } } }"
LEVELS = "{ node { tenfold children { tenfold later: sureChild { tenfold } } } }"


@BOTH
async def test_siblings_run_at_the_same_time(executor: Executor) -> None:
    """One that waits for the network would hold up the others."""
    operation = EXECUTORS.prepare("{ a: meeting node { id } b: meeting c: meeting }")

    result = await run(executor, operation, Context())

    assert result.data == {"a": 3, "node": {"id": 1}, "b": 3, "c": 3}


@BOTH
async def test_a_loader_is_asked_once_for_a_level(executor: Executor) -> None:
    """That is what it is for."""
    context = Context()

    result = await run(executor, EXECUTORS.prepare(LEVEL), context)

    assert result.errors is None
    assert [sorted(batch) for batch in context.batches] == [[10, 11, 12, 13]]


async def test_plans_ask_loaders_no_more_often() -> None:
    """Also where some of what is asked for comes later."""
    contexts = Context(), Context()

    core, plans = await EXECUTORS.both(EXECUTORS.prepare(LEVELS), *contexts)

    assert core.data == plans.data and core.errors is None
    assert 0 < len(contexts[1].batches) <= len(contexts[0].batches)


@pytest.mark.parametrize(
    "selected",
    ["endless sureFailingLater", "sureFailingLater endless", "child { endless } sureLater"],
)
@BOTH
async def test_what_nobody_will_see_has_ended_before_the_next_mutation(
    executor: Executor, selected: str
) -> None:
    """It would read beside a transaction, and an answer that is known would wait for it."""
    document = f"mutation {{ make {{ {selected} }} running }}"

    async with asyncio.timeout(FOREVER_SECONDS):
        result = await run(executor, EXECUTORS.prepare(document), Context())

    assert result.data == {"make": None, "running": 0}
    assert len(result.errors or ()) == 1


@pytest.mark.parametrize("cancels", [1, 2])
@pytest.mark.parametrize(
    "document",
    [
        "{ stay }",
        "{ a: stay b: stay node { sureChild { children { tenfold } } failingLater } }",
        "{ lists { later laterSure drawn } stay abstract { fish { name } } }",
        'mutation { write(text: "a") failBadly }',
    ],
)
async def test_a_plan_that_is_cancelled_leaves_nothing_running(document: str, cancels: int) -> None:
    """However far it is, and whatever waits: the request's connection goes back to the pool."""
    operation = EXECUTORS.prepare(document)

    ends = set()
    for ticks in range(TICKS):
        context = Context()
        execution = EXECUTORS.plans.execute(operation, operation.variables, context)
        ends.add(type(await end_of(execution, ticks=ticks, cancels=cancels)))
        assert others() == set() and context.running == 0, f"cancelled after {ticks} ticks"

    assert ends == {asyncio.CancelledError, ExecutionResult}
