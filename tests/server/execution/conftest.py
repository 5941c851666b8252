"""What the tests of execution share."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Generator
from inspect import iscoroutine
from typing import Any

import pytest

from tests.server.execution.examples import Tried


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    """Counts the operations that a test tries."""
    return Tried(request.node.user_properties)


@pytest.fixture(scope="module")
def core_leaves_some() -> Generator[None]:
    """Graphql-core drops coroutines and futures where a field fails beside them.

    They warn when they are found, which is here and not in somebody else's test.
    """
    report = sys.unraisablehook

    def report_others(unraisable: Any) -> None:
        if not iscoroutine(unraisable.object):
            report(unraisable)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "unraisablehook", report_others)
        patch.setattr(logging.getLogger("asyncio"), "disabled", True)
        yield
        gc.collect()
