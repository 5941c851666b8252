"""What the tests of execution share."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator
from typing import Any

import pytest

from tests.server.execution.examples import Tried


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    """Counts the operations that a test tries."""
    return Tried(request.node.user_properties)


@pytest.fixture(scope="module")
def core_leaves_some() -> Generator[None]:
    """Graphql-core drops coroutines where a field fails beside them, some of which are resolvers'.

    They warn when they are found, which is here and not in somebody else's test.
    """
    report = sys.unraisablehook

    def report_others(unraisable: Any) -> None:
        if not isinstance(unraisable.exc_value, RuntimeWarning):
            report(unraisable)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "unraisablehook", report_others)
        yield
        gc.collect()
