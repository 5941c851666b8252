"""Opaque cursors: positions in a list, good for that list in that order only.

A cursor is base64url of a version byte, a digest of what it is a position in,
the key, and the typed value that the list is ordered by.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import blake2b
from typing import Any

import domain
from schema.errors import BadRequest, Code

VERSION = b"\x01"
DIGEST_SIZE = 8
HEAD_SIZE = len(VERSION) + DIGEST_SIZE
KEY_SIZE = 8
MAX_KEY = 2**63 - 1
MAX_LENGTH = 2_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def encode_cursor(
    cursor: domain.Cursor, *, list_name: str, order: domain.Order, filter: Any
) -> str:
    """Write a position in a list."""
    return write_cursor(cursor, head_of(list_name, order, filter))


def head_of(list_name: str, order: domain.Order, filter: Any) -> bytes:
    """Return what all cursors of a list, in this order and with this filter, begin with."""
    return VERSION + digest(list_name, order, filter)


def write_cursor(cursor: domain.Cursor, head: bytes) -> str:
    """Write a position in the list whose cursors have this head."""
    key = cursor.id.to_bytes(KEY_SIZE, "big")
    return urlsafe_b64encode(head + key + encode_value(cursor.value)).decode().rstrip("=")


def decode_cursor(
    text: str, argument: str, *, list_name: str, order: domain.Order, filter: Any
) -> domain.Cursor:
    """Read a position in this list; raises `BadRequest` for a damaged, forged or foreign one."""
    try:
        raw = urlsafe_b64decode(text[:MAX_LENGTH] + "=" * (-len(text) % 4))
        key, value = raw[HEAD_SIZE : HEAD_SIZE + KEY_SIZE], raw[HEAD_SIZE + KEY_SIZE :]
        cursor = domain.Cursor(decode_value(value), int.from_bytes(key, "big"))
        genuine = encode_cursor(cursor, list_name=list_name, order=order, filter=filter) == text
    except (ValueError, OverflowError):
        genuine = False
    if not genuine or not isinstance(cursor.value, order.field.types) or cursor.id > MAX_KEY:
        raise BadRequest(
            f"Argument `{argument}`: not a cursor of this list, with this order and filter.",
            code=Code.BAD_CURSOR,
        )
    return cursor


def encode_value(value: domain.SortValue) -> bytes:
    """Write a value behind a letter for its type: microseconds survive."""
    match value:
        case datetime():
            return b"t" + ((value - EPOCH) // MICROSECOND).to_bytes(8, "big", signed=True)
        case str():
            return b"s" + value.encode()
        case None:
            return b"n"


def decode_value(raw: bytes) -> domain.SortValue:
    """Read what `encode_value` wrote; raises `ValueError` or `OverflowError`."""
    match raw[:1], raw[1:]:
        case b"t", moment:
            return EPOCH + int.from_bytes(moment, "big", signed=True) * MICROSECOND
        case b"s", text if b"\x00" not in text:
            return text.decode()
        case b"n", b"":
            return None
    raise ValueError(raw)


def digest(list_name: str, order: domain.Order, filter: Any) -> bytes:
    """Sum up what a cursor is a position in; a filter's unset fields do not count."""
    parts = [list_name, order.field.value, "desc" if order.descending else "asc"]
    for field in fields(filter) if filter is not None else ():
        value = getattr(filter, field.name)
        if value is not None:
            parts.append(f"{field.name}={value.value if isinstance(value, Enum) else value}")
    return blake2b(repr(parts).encode(), digest_size=DIGEST_SIZE).digest()
