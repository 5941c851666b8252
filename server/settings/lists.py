"""Lists, as one variable holds them."""

from __future__ import annotations


def split(text: str) -> list[str]:
    """List what stands between commas."""
    return [each.strip() for each in text.split(",") if each.strip()]
