"""Headers: those of a request by their names, and those that every answer has."""

from __future__ import annotations

from starlette.types import Scope

BY_NAME = "inkwell.headers"
"""Where a scope keeps its headers once they have been read."""

ANSWERED = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"Origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
"""What browsers are told with each answer: to keep, frame, load and guess nothing."""


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Give a request's headers by name.

    What was sent several times is one value with commas, as RFC 9110 (5.3) has it: where there
    may be one only, that fits nothing.
    """
    found: dict[bytes, bytes] | None = scope.get(BY_NAME)
    if found is None:
        pairs = scope["headers"]
        found = dict(pairs)
        if len(found) < len(pairs):
            found = joined(pairs)
        scope[BY_NAME] = found
    return found


def joined(pairs: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Give all values of each name, in the order in which they came."""
    values: dict[bytes, list[bytes]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: b", ".join(each) for name, each in values.items()}


def with_common(own: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Add what every answer has to an answer's own headers, which stand where they differ."""
    given = {name for name, _ in own}
    return own + [each for each in ANSWERED if each[0] not in given]
