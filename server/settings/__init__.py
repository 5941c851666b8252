"""Everything the environment decides, by what it decides about."""

from server.settings.lists import split
from server.settings.origins import misspelled, told
from server.settings.process import Environment, LogFormat, LogLevel
from server.settings.settings import Settings, explain

__all__ = [
    "Environment",
    "LogFormat",
    "LogLevel",
    "Settings",
    "explain",
    "misspelled",
    "split",
    "told",
]
