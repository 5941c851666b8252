"""All settings, and how it is told what is wrong with them."""

from __future__ import annotations

from pydantic import ValidationError

from server.settings.accounts import AccountSettings
from server.settings.database import DatabaseSettings
from server.settings.requests import RequestSettings


class Settings(AccountSettings, DatabaseSettings, RequestSettings):
    """Read once, at start-up; `.env.example` lists every variable."""


def explain(error: ValidationError) -> str:
    """Say in a line per variable what is wrong with the settings, without the values."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        variable = "".join(f"{each}: " for each in problem["loc"]).upper()
        lines.append(f"{variable}{problem['msg'].removeprefix('Value error, ')}.")
    return "\n".join(lines)
