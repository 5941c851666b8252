"""What makes two answers the same, and how it is shown where they are not."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from difflib import unified_diff
from typing import Any

import pytest
from graphql import ExecutionResult

from tests.answers import as_read
from tests.server.execution.keys import ADDRESS, keys_of
from tests.server.execution.possible import Possible
from tests.server.execution.running import Operation

NOTHING = re.compile(r"(?!)")


async def check_same(
    operation: Operation,
    core: ExecutionResult,
    plans: ExecutionResult,
    find_possible: Callable[[], Awaitable[Possible]],
    passing: re.Pattern[str] = NOTHING,
) -> None:
    """Fail unless an answer is another one, or might be: see `possible.py`.

    Its data is the same to the byte, but for what is `passing`.
    """
    before, after = data_of(core, passing), data_of(plans, passing)
    complaints = [] if before == after else ["other data"]
    if keys_of(core) != keys_of(plans):
        possible = await find_possible()
        complaints += ["other errors"] if possible.is_sure else []
        complaints += possible.complaints(keys_of(plans))
    if complaints:
        expected, found = [*before.splitlines(), *told(core)], [*after.splitlines(), *told(plans)]
        differing = unified_diff(expected, found, "graphql-core", "plans", lineterm="")
        variables = f"variables: {operation.variables.coerced}"
        pytest.fail("\n".join([operation.text, variables, *complaints, *differing]))


def data_of(result: ExecutionResult, passing: re.Pattern[str]) -> str:
    """The data of an answer, in which the order of keys counts."""
    text = ADDRESS.sub("0x…", json.dumps(result.data, indent=2, default=written))
    return passing.sub("…", text)


def written(value: Any) -> Any:
    """Write a moment as the answer does, and what is no JSON in some way."""
    return as_read(value) if isinstance(value, datetime) else repr(value)


def told(result: ExecutionResult) -> list[str]:
    """The errors of an answer, a line each."""
    return sorted(keys_of(result).elements())
