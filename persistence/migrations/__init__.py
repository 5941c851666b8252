"""The database's revisions, through Alembic."""

from persistence.migrations.checks import complaints, reads_sql
from persistence.migrations.environment import options_for
from persistence.migrations.limits import Limits
from persistence.migrations.plans import Planned, plan
from persistence.migrations.revisions import (
    ROOT,
    MigrationFailed,
    Standing,
    configuration,
    earlier,
    newest,
    standing,
    upgrade,
)

__all__ = [
    "ROOT",
    "Limits",
    "MigrationFailed",
    "Planned",
    "Standing",
    "complaints",
    "configuration",
    "earlier",
    "newest",
    "options_for",
    "plan",
    "reads_sql",
    "standing",
    "upgrade",
]
