"""The SELECTs that were traced last, for those who ran them to have them explained."""

from __future__ import annotations

import secrets
from collections.abc import Sized
from typing import Any

from cachetools import LRUCache

import domain
from persistence import Sent

KEPT_BYTES = 20_000_000  # of statements and their parameters, about
VALUE_BYTES = 100


class KeptStatements:
    """Keeps statements under handles that nobody guesses, each for the token it was sent with."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[str, str | None], Sent] = LRUCache(KEPT_BYTES, getsizeof=size_of)

    def keep(self, sent: Sent, token: str | None) -> str | None:
        """Keep a statement for whoever had it sent, and return its handle.

        There is none for one that does more than read, or is larger than all that is kept.
        """
        if not sent.only_reads or size_of(sent) > KEPT_BYTES:
            return None
        handle = secrets.token_urlsafe(16)
        self._kept[handle, token and domain.digest_of(token)] = sent
        return handle

    def find(self, handle: str, token: str | None) -> Sent | None:
        """Find a statement that was kept for the same one, if it still is."""
        return self._kept.get((handle, token and domain.digest_of(token)))


def size_of(sent: Sent) -> int:
    """Tell about how much memory a statement takes."""
    return len(sent.text) + sum(map(size_of_value, sent.parameters))


def size_of_value(value: Any) -> int:
    """Tell about how much memory a parameter takes, which may be a list of keys."""
    if isinstance(value, str | bytes):
        return VALUE_BYTES + len(value)
    return VALUE_BYTES * (1 + len(value)) if isinstance(value, Sized) else VALUE_BYTES
