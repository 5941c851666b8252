"""How well a cache does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Lookups:
    """How often what was looked for was there, and how often it had to be made."""

    hits: int = 0
    misses: int = 0
