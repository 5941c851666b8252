"""A scrape that has everything in it."""

from __future__ import annotations

import pytest

from persistence import migrations
from tests.server.metrics.app import measured, scraped, use_everything
from tests.server.metrics.scraping import Scraped


@pytest.fixture(scope="package")
def told(tmp_path_factory: pytest.TempPathFactory) -> Scraped:
    """A scrape after something of each kind has happened."""
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('metrics')}/inkwell.db"
    migrations.upgrade(url, lambda line: None)
    with measured(url) as client:
        use_everything(client)
        return scraped(client)
