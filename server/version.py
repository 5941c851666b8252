"""Which version this is."""

from __future__ import annotations

import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def version() -> str:
    """Read the version where it is written."""
    told: str = tomllib.loads(PROJECT.read_text())["project"]["version"]
    return told
