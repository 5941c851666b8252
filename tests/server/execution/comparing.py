"""What makes two answers the same, and how it is shown where they are not."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeAlias

from graphql import ExecutionResult, GraphQLError

from tests.server.execution.running import kinds_of, told

Key: TypeAlias = str

ADDRESS = re.compile(r"\b0x[0-9a-f]+\b")


def key_of(error: GraphQLError) -> Key:
    """All that is told of an error and by it, but for where in memory something is."""
    text = json.dumps([error.formatted, kinds_of(error)], sort_keys=True, default=repr)
    return ADDRESS.sub("0x…", text)


def keys_of(result: ExecutionResult) -> Counter[Key]:
    """The errors of an answer, whose order means nothing."""
    return Counter(map(key_of, result.errors or ()))


def data_of(result: ExecutionResult) -> str:
    """The data of an answer, in which the order of keys counts."""
    return ADDRESS.sub("0x…", json.dumps(result.data, indent=2, default=repr))


def difference(
    text: str, variables: Mapping[str, Any], core: ExecutionResult, plans: ExecutionResult
) -> str:
    """Show a document, its variables, and where its answers differ."""
    lines = difflib.unified_diff(
        shown(core), shown(plans), "graphql-core", "plans", n=3, lineterm=""
    )
    return "\n".join(["", text, f"variables: {json.dumps(dict(variables))}", *lines])


def shown(result: ExecutionResult) -> list[str]:
    """Write an answer in lines."""
    answer = {"data": told(result).get("data"), "errors": sorted(keys_of(result).elements())}
    return ADDRESS.sub("0x…", json.dumps(answer, indent=2, default=repr)).splitlines()
