"""How many operations are tried, and the count of those that were."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

EXAMPLES = 1_500
ASKED = os.environ.get("OPERATIONS")
PROPERTY = "operations"

MANY = settings(
    max_examples=int(ASKED or EXAMPLES),
    derandomize=ASKED is None,
    database=None,
    deadline=None,
    suppress_health_check=[*HealthCheck],
)
"""The same operations in each run, or as many others as `OPERATIONS` says."""


class Tried:
    """The operations that were tried; the test's properties say how many."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self._properties = properties
        self._seen = set[str]()

    def add(self, text: str, variables: Any) -> None:
        """Count an operation that there is a plan for, once however often it comes up."""
        self._seen.add(f"{text} {variables}")
        self._properties[:] = [(PROPERTY, len(self._seen))]
