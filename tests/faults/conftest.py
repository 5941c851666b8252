"""The server in front of each database of the run."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from persistence import Database
from tests.faults.service import Service, served


@pytest.fixture
async def service(database: Database, database_url: str) -> AsyncGenerator[Service]:
    """The server with its default settings, over an empty database."""
    async with served(database_url) as service:
        yield service
