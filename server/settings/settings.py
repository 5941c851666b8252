"""All settings, and how it is told what is wrong with them."""

from __future__ import annotations

from typing import Self

from pydantic import ValidationError, model_validator

from server.settings.accounts import AccountSettings
from server.settings.database import DatabaseSettings
from server.settings.requests import RequestSettings


class Settings(AccountSettings, DatabaseSettings, RequestSettings):
    """Read once, at start-up; `.env.example` lists every variable."""

    @model_validator(mode="after")
    def _are_fit_for_production(self) -> Self:
        """Refuse what is fine among developers alone, all of it at once."""
        if self.in_development:
            return self
        complaints = []
        if self.db_echo:
            complaints.append("DB_ECHO: not in production, whose log would have all values in it")
        if self.tells_schema and not self.introspection_reason.strip():
            complaints.append("INTROSPECTION: in production, say why in INTROSPECTION_REASON")
        if complaints:
            raise ValueError(".\n".join(complaints))
        return self


def explain(error: ValidationError) -> str:
    """Say in a line per variable what is wrong with the settings, without the values."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        variable = "".join(f"{each}: " for each in problem["loc"]).upper()
        lines.append(f"{variable}{problem['msg'].removeprefix('Value error, ')}.")
    return "\n".join(lines)
