"""Answers, as clients read them."""

from __future__ import annotations

from typing import Any

import orjson

from server.http.responses import dumped


def as_read(data: Any) -> Any:
    """Read what a client is sent of some data."""
    return orjson.loads(dumped(data))
