"""The client of a request: from where it asks, and with what program."""

from __future__ import annotations

from functools import lru_cache

from starlette.types import Scope

import domain
from server.http.headers import headers_of

KNOWN_CLIENTS = 100  # that are remembered, as most ask more than once


def client_of(scope: Scope) -> domain.Client:
    """Tell where a request comes from, in text that can be kept: headers hold any bytes."""
    address = scope["client"][0] if scope.get("client") else "unknown"
    return client_at(address, headers_of(scope).get(b"user-agent", b""))


@lru_cache(KNOWN_CLIENTS)
def client_at(address: str, user_agent: bytes) -> domain.Client:
    """Read with what program a client asks."""
    program = domain.printable(user_agent.decode("latin-1"))
    return domain.Client(address, program.strip() or None)
