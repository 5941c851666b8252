"""The client of a request: from where it asks, and with what program."""

from __future__ import annotations

from starlette.types import Scope

import domain
from server.http.headers import headers_of


def client_of(scope: Scope) -> domain.Client:
    """Tell where a request comes from, in text that can be kept: headers hold any bytes."""
    user_agent = domain.printable(headers_of(scope).get(b"user-agent", b"").decode("latin-1"))
    address = scope["client"][0] if scope.get("client") else "unknown"
    return domain.Client(address, user_agent.strip() or None)
