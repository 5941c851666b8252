"""What the tests of execution share."""

from __future__ import annotations

import pytest

from tests.server.execution.examples import Tried


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    """Counts the operations that a test tries."""
    return Tried(request.node.user_properties)
