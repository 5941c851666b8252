"""Run migrations over the product's own engine and metadata, one process at a time.

The caller may hand over a URL and limits instead of the settings' ones, and a function that is
told of each revision as it is applied.
"""

from alembic import context
from alembic.util import CommandError
from pydantic import ValidationError

from persistence.migrations.environment import run
from persistence.migrations.limits import Limits
from server.settings import Settings, explain

if context.is_offline_mode():
    raise CommandError("For the SQL of what is pending: python -m server migrate --plan")

attributes = context.config.attributes
report = attributes.get("report", context.config.print_stdout)
if "url" in attributes:
    run(context, attributes["url"], report, attributes.get("limits", Limits()))
else:
    try:
        settings = Settings()
    except ValidationError as error:
        raise CommandError(f"These settings are wrong:\n{explain(error)}") from None
    run(context, settings.migration_url, report, settings.migration_limits)
