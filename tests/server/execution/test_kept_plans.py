"""Plans are kept for the next request, within bounds."""

from __future__ import annotations

import gc
from itertools import product

import pytest

from server.execution import plans
from server.execution.plans import Plan
from tests.server.execution.named.fields import Context, schema
from tests.server.execution.running import Executors, run

MOST_BYTES = 1_000_000
LEAST_BYTES = 50_000  # of a document of ten fields, and its plan
FIELDS = " ".join(f"a{n}: nothing" for n in range(9))
CONDITIONS = "query ($a: Boolean!, $b: Boolean!, $c: Boolean!, $d: Boolean!)"


@pytest.fixture
def executors(monkeypatch: pytest.MonkeyPatch) -> Executors:
    """Executors, of which the plans' has little room."""
    monkeypatch.setattr(plans, "KEPT_BYTES", MOST_BYTES)
    return Executors(schema)


def all_plans() -> list[Plan]:
    """All plans that something holds on to."""
    gc.collect()
    held = gc.get_referrers(Plan)
    return sorted((each for each in held if type(each) is Plan), key=id)


async def test_the_plans_of_many_documents_are_forgotten(executors: Executors) -> None:
    """A client that makes a new one for each request would fill the memory."""
    before = len(all_plans())
    for number in range(50):
        operation = executors.prepare(f"{{ {FIELDS} last{number}: nothing }}")
        await run(executors.plans, operation, Context())
        del operation

    assert 0 < len(all_plans()) - before <= MOST_BYTES // LEAST_BYTES


async def test_the_plans_of_an_operation_are_few(executors: Executors) -> None:
    """There could be as many as its conditions have values."""
    names = "abcd"
    fields = " ".join(f"{name}: nothing @include(if: ${name})" for name in names)
    document = f"{CONDITIONS} {{ {fields} last: nothing }}"
    before = len(all_plans())

    operation = executors.prepare(document, dict.fromkeys(names, True))
    for values in product([True, False], repeat=len(names)):
        variables = dict(zip(names, values, strict=True))
        wanted = executors.prepare(document, variables)
        result = await executors.plans.execute(operation, wanted.variables, Context())
        assert result.data == {**{name: None for name in names if variables[name]}, "last": None}

    assert len(all_plans()) - before <= plans.MAX_VARIANTS


async def test_an_operation_is_compiled_once(executors: Executors) -> None:
    """That takes longer than to run it."""
    operation = executors.prepare(f"{{ {FIELDS} }}")
    before = all_plans()

    await run(executors.plans, operation, Context())
    once = all_plans()
    await run(executors.plans, operation, Context())

    assert len(once) == len(before) + 1
    assert all_plans() == once
