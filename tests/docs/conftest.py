"""A clone of the project for each test, in which what the pages show is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.checkout import Checkout


@pytest.fixture
def checkout(tmp_path: Path, request: pytest.FixtureRequest) -> Checkout:
    """A folder to run commands in, which the report lists."""
    return Checkout(tmp_path, request.node.user_properties)
