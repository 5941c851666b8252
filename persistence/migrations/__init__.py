"""The database's revisions, through Alembic."""

from persistence.migrations.revisions import (
    ROOT,
    MigrationFailed,
    configuration,
    earlier,
    newest,
    revisions,
    upgrade,
)

__all__ = [
    "ROOT",
    "MigrationFailed",
    "configuration",
    "earlier",
    "newest",
    "revisions",
    "upgrade",
]
