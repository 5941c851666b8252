"""Global IDs and cursors of lists that are ordered by moments, to the letter as Inkwell's."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import a2b_base64, b2a_base64
from datetime import UTC, datetime, timedelta

import domain
from schema.cursors import HEAD_SIZE, KEY_SIZE, VERSION, digest

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
VALUE = HEAD_SIZE + KEY_SIZE

POSTS = VERSION + digest("Query.posts", domain.PostFilter().default_order, domain.PostFilter())
USERS = VERSION + digest("Query.users", domain.UserFilter().default_order, domain.UserFilter())
"""What the cursors of a list begin with."""


def global_id(form: bytes, key: int) -> str:
    """Write a key as an ID, of a form such as `Post:%d`."""
    return b2a_base64(form % key, newline=False).decode()


def key_of(global_id: str, prefix: bytes) -> int:
    """Read the key in an ID; raises `ValueError` for another type's."""
    return int(a2b_base64(global_id).removeprefix(prefix))


def cursor(head: bytes, moment: datetime, key: int) -> str:
    """Write a position."""
    value = ((moment - EPOCH) // MICROSECOND).to_bytes(8, "big", signed=True)
    raw = head + key.to_bytes(KEY_SIZE, "big") + b"t" + value
    return urlsafe_b64encode(raw).decode().rstrip("=")


def position(text: str, head: bytes) -> tuple[datetime, int]:
    """Read a position; raises `ValueError` for a cursor of another list."""
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if not raw.startswith(head):
        raise ValueError(text)
    moment = EPOCH + int.from_bytes(raw[VALUE + 1 :], "big", signed=True) * MICROSECOND
    return moment, int.from_bytes(raw[HEAD_SIZE:VALUE], "big")
