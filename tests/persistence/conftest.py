"""Here the store is always a database."""

from __future__ import annotations

import pytest

from persistence import Database
from tests.factories import Store


@pytest.fixture
def store(database: Database) -> Store:
    """Override the store that may be in memory."""
    return database
