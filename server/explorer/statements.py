"""The SELECTs that were traced last, for those who ran them to have them explained."""

from __future__ import annotations

import secrets
from collections.abc import Sized
from hashlib import sha256

from cachetools import LRUCache

from persistence import Sent

KEPT_BYTES = 20_000_000  # of statements and their parameters, about
VALUE_BYTES = 100


class KeptStatements:
    """Keeps statements under handles that nobody guesses, each for the token it was sent with."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[str, bytes], Sent] = LRUCache(KEPT_BYTES, getsizeof=size_of)

    def keep(self, sent: Sent, authorization: bytes | None) -> str | None:
        """Keep a statement for whoever had it sent, and return its handle.

        There is none for one that does more than read, or is larger than all that is kept.
        """
        if not sent.only_reads or size_of(sent) > KEPT_BYTES:
            return None
        handle = secrets.token_urlsafe(16)
        self._kept[handle, digest_of(authorization)] = sent
        return handle

    def find(self, handle: str, authorization: bytes | None) -> Sent | None:
        """Find a statement that was kept for the same one, if it still is."""
        return self._kept.get((handle, digest_of(authorization)))


def digest_of(authorization: bytes | None) -> bytes:
    """Tell one token from another without keeping it."""
    return sha256(authorization or b"").digest()


def size_of(sent: Sent) -> int:
    """Tell about how much memory a statement takes."""
    values = sum(len(each) if isinstance(each, Sized) else 1 for each in sent.parameters)
    return len(sent.text) + VALUE_BYTES * (1 + values)
