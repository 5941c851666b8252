"""The settings as they are in force, where each came from, and nothing of what is secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from enum import Enum
from typing import Any, NamedTuple

from pydantic import SecretStr
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from server.settings.settings import Settings

HIDDEN = "***"
SECRET_PARAMETER = re.compile(r"([?&][^=&]*(?:pass|secret|token|key)[^=&]*=)[^&]*", re.IGNORECASE)
BETWEEN_URLS = re.compile(r",\s*(?=[a-z0-9+]+://)", re.IGNORECASE)


ALIKE = 0.85  # as `difflib` has it: of twelve letters two may differ
SHORT = 5  # as PORTS, which is a word
SOURCES = (EnvSettingsSource, DotEnvSettingsSource)


class Origin(Enum):
    """Where a setting came from."""

    DEFAULT = "default"
    FILE = ".env"
    ENVIRONMENT = "environment"


class Told(NamedTuple):
    """A setting, as it can be shown."""

    variable: str
    value: str
    origin: Origin


def misspelled() -> Iterator[tuple[str, str]]:
    """Tell variables of the environment and of `.env` that look like settings, and which."""
    known = {name.upper() for name in Settings.model_fields}
    given = {name.upper() for source in SOURCES for name in source(Settings).env_vars}
    for name in sorted(given - known):
        for meant in get_close_matches(name, known, n=1, cutoff=ALIKE):
            if len(name) > SHORT and not name.endswith(f"_{meant}"):  # as another program's would
                yield name, meant


def told(settings: Settings) -> Iterator[Told]:
    """Tell of each setting, in the order of `.env.example`."""
    environment, file = EnvSettingsSource(Settings)(), DotEnvSettingsSource(Settings)()
    for name in Settings.model_fields:
        origin = Origin.FILE if name in file else Origin.DEFAULT
        origin = Origin.ENVIRONMENT if name in environment else origin
        yield Told(name.upper(), shown(getattr(settings, name)), origin)


def shown(value: Any) -> str:
    """Write a value as `.env` would have it, without what is secret."""
    if isinstance(value, SecretStr):
        return ",".join(map(without_secrets, BETWEEN_URLS.split(value.get_secret_value())))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value.value if isinstance(value, Enum) else value)


def without_secrets(url: str) -> str:
    """Write a URL without its password, whatever is in it, and without secrets in parameters."""
    scheme, between, rest = url.partition("://")
    user, at, where = rest.rpartition("@")
    name, colon, _ = user.partition(":")
    password = HIDDEN if colon else ""
    return "".join(
        (scheme, between, name, colon, password, at, SECRET_PARAMETER.sub(rf"\1{HIDDEN}", where))
    )
