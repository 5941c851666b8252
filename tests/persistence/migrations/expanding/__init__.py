"""A column changed without downtime, as docs/operations.md tells: `users.bio` becomes `about`.

The revisions in `versions/` follow the product's newest, and no release has them.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from persistence import migrations

EXPANDED = "expand"
CONTRACTED = "contract"


def configuration(url: str) -> Config:
    """Alembic with these revisions after the product's."""
    config = migrations.configuration()
    config.attributes.update(url=url, report=lambda line: None)
    config.set_main_option("path_separator", "newline")
    places = (migrations.ROOT / "migrations" / "versions", Path(__file__).with_name("versions"))
    config.set_main_option("version_locations", "\n".join(map(str, places)))
    return config


def expand(url: str) -> None:
    """Migrate a database until old code and new can use it."""
    command.upgrade(configuration(url), EXPANDED)


def contract(url: str) -> None:
    """Migrate a database until new code alone can use it."""
    command.upgrade(configuration(url), CONTRACTED)
