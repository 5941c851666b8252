"""What makes two answers the same, and how it is shown where they are not."""

from __future__ import annotations

import difflib
import json
from typing import Any

import strawberry
from graphql import ExecutionResult

from tests.server.execution.keys import ADDRESS, keys_of
from tests.server.execution.possible import possible_errors
from tests.server.execution.running import Operation


async def check_same(
    schema: strawberry.Schema,
    operation: Operation,
    core: ExecutionResult,
    plans: ExecutionResult,
    context: Any,
) -> None:
    """Fail unless an answer is another one, or might be: see `possible.py`.

    Its data is the same to the byte. The context is for finding out which errors there may be.
    """
    complaints = [] if data_of(core) == data_of(plans) else ["other data"]
    if keys_of(core) != keys_of(plans):
        possible = await possible_errors(schema, operation, context)
        complaints += ["other errors"] if possible.is_sure else []
        complaints += possible.complaints(keys_of(plans))
    assert not complaints, difference(operation, core, plans, complaints)


def data_of(result: ExecutionResult) -> str:
    """The data of an answer, in which the order of keys counts."""
    return ADDRESS.sub("0x…", json.dumps(result.data, indent=2, default=repr))


def difference(
    operation: Operation, core: ExecutionResult, plans: ExecutionResult, complaints: list[str]
) -> str:
    """Show a document, its variables, and where its answers differ."""
    lines = difflib.unified_diff(shown(core), shown(plans), "graphql-core", "plans", lineterm="")
    variables = f"variables: {operation.variables.coerced}"
    return "\n".join(["", operation.text, variables, *complaints, *lines])


def shown(result: ExecutionResult) -> list[str]:
    """Write an answer in lines."""
    return [*data_of(result).splitlines(), *sorted(keys_of(result).elements())]
