"""Graphql-core's own behaviours by name, and both executors have each."""

from __future__ import annotations

import gc
import json
import warnings

import pytest

from server.execution import Executor
from tests.server.execution.named import abstract, nulls, operations, values
from tests.server.execution.named.case import Case, told
from tests.server.execution.named.fields import Context, schema
from tests.server.execution.running import Executors, others, run

EXECUTORS = Executors(schema)
BOTH = pytest.mark.parametrize(
    "executor", [EXECUTORS.core, EXECUTORS.plans], ids=["graphql-core", "plans"]
)
CASES = [*values.CASES, *nulls.CASES, *abstract.CASES, *operations.CASES]
pytestmark = pytest.mark.usefixtures("core_leaves_some")

MERGED = "{ node { failing } node { failing } ... { node { failing } } }"


@pytest.mark.parametrize("case", CASES, ids=str)
@BOTH
async def test_named(executor: Executor, case: Case) -> None:
    """Each is named for its claim."""
    context = Context()

    result = await run(executor, EXECUTORS.prepare(case.document, case.variables), context)

    assert json.dumps(result.data) == json.dumps(case.data)  # the order of keys counts
    assert told(result) == list(case.errors)
    assert context.log == list(case.log)


def test_each_case_has_a_plan() -> None:
    """Or graphql-core would be compared with itself."""
    without = {case.claim for case in CASES if not has_plan(case)}

    assert without == {
        "a condition that is null fails the operation",
        "a condition that is null further down fails where it stands",
    }


def has_plan(case: Case) -> bool:
    """Tell whether an operation is run by a plan."""
    return EXECUTORS.is_planned(EXECUTORS.prepare(case.document, case.variables))


@BOTH
async def test_an_error_of_merged_fields_has_the_places_of_all(executor: Executor) -> None:
    """Its author finds each of them in the document."""
    result = await run(executor, EXECUTORS.prepare(MERGED), Context())

    places = [[each.column for each in error.locations or ()] for error in result.errors or ()]
    assert places == [[10, 27, 50]]


async def test_a_plan_awaits_all_that_it_started() -> None:
    """What is dropped would warn, and work on for nobody."""
    planned = [EXECUTORS.prepare(case.document, case.variables) for case in CASES if has_plan(case)]
    gc.collect()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for operation in planned:
            await EXECUTORS.plans.execute(operation, operation.variables, Context())
            assert others() == set(), operation.text
        gc.collect()

    assert [str(each.message) for each in caught] == []
