"""The settings as they are in force, where each came from, and nothing of what is secret."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import SecretStr
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from server.settings.lists import split
from server.settings.settings import Settings

HIDDEN = "***"
SECRET_OPTIONS = ("pass", "secret", "token", "key")  # in the names of a URL's parameters


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
        return ",".join(without_secrets(url) for url in split(value.get_secret_value()))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value.value if isinstance(value, Enum) else value)


def without_secrets(url: str) -> str:
    """Write a URL without its password, and without parameters that look like secrets."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    options = [
        (key, HIDDEN if any(word in key.lower() for word in SECRET_OPTIONS) else value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    netloc = f"{name}{colon}{HIDDEN if colon else ''}{at}{host}"
    query = urlencode(options, safe="*/:")
    return parts._replace(netloc=netloc, query=query).geturl()
