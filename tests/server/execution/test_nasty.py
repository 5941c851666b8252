"""Whatever is asked of a schema that is made to be difficult, plans answer as graphql-core does."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings

from tests.server.execution.comparing import check_same
from tests.server.execution.documents import Grammar, Language
from tests.server.execution.examples import MANY, Tried
from tests.server.execution.keys import keys_of
from tests.server.execution.nasty import Context, schema
from tests.server.execution.possible import possible_errors
from tests.server.execution.running import Executors, run

CORE = schema._schema  # noqa: SLF001 (Strawberry offers no other way)
assert CORE.mutation_type is not None
GRAMMAR = Grammar(Language(schema=CORE, mutations=[*CORE.mutation_type.fields]))
EXECUTORS = Executors(schema)

pytestmark = pytest.mark.usefixtures("core_leaves_some")


@MANY
@given_any(GRAMMAR.operations())
async def test_any_operation_has_the_same_answer(
    tried: Tried, generated: tuple[str, dict[str, Any]]
) -> None:
    """Clients, and what the documentation of GraphQL promises them, know of no plans."""
    text, variables = generated
    operation = EXECUTORS.prepare(text, variables, is_valid=True)
    contexts = Context(), Context()

    core, plans = await EXECUTORS.both(operation, *contexts)

    if EXECUTORS.is_planned(operation):
        tried.add(text, variables)
    possible = partial(possible_errors, schema, operation, Context())
    await check_same(operation, core, plans, possible)
    assert contexts[0].log == contexts[1].log, text


@settings(MANY, max_examples=200)
@given_any(GRAMMAR.operations())
def test_any_operation_is_valid(generated: tuple[str, dict[str, Any]]) -> None:
    """What is not valid proves nothing; most are not validated, as that takes the longest."""
    text, variables = generated

    assert EXECUTORS.prepare(text, variables).node


@settings(MANY, max_examples=300)
@given_any(GRAMMAR.operations())
async def test_what_may_differ_is_what_graphql_core_leaves_open(
    generated: tuple[str, dict[str, Any]],
) -> None:
    """Its own answers are held against the rule by which other errors may be told."""
    text, variables = generated
    operation = EXECUTORS.prepare(text, variables, is_valid=True)

    answer = await run(EXECUTORS.core, operation, Context())
    possible = await possible_errors(schema, operation, Context())

    assert possible.complaints(keys_of(answer)) == [], text
