"""What an error is known by."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TypeAlias

from graphql import ExecutionResult, GraphQLError

Key: TypeAlias = str

ADDRESS = re.compile(r"\b0x[0-9a-f]+\b")


def key_of(error: GraphQLError) -> Key:
    """All that is told of an error and by it, and whatever else the server goes by.

    But for where in memory something is.
    """
    cause = error.original_error
    nodes = [type(node).__name__ for node in error.nodes or ()]
    kinds = [
        type(error).__name__,
        type(cause).__name__,
        getattr(cause, "message", str(cause)),
        *nodes,
    ]
    text = json.dumps([error.formatted, kinds], sort_keys=True, default=repr)
    return ADDRESS.sub("0x…", text)


def keys_of(result: ExecutionResult) -> Counter[Key]:
    """The errors of an answer, whose order means nothing."""
    return Counter(map(key_of, result.errors or ()))
