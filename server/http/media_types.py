"""Media types, as `Accept` and `Content-Type` name them."""

from __future__ import annotations

import re
from functools import lru_cache

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
HTML = "text/html"
OFFERED = (JSON, GRAPHQL_RESPONSE)

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 (is what RFC 9110 calls it)
PARAMETER = rf'\s*;\s*({TOKEN})\s*=\s*({TOKEN}|"[^"\\]*")'
MEDIA_TYPE = re.compile(rf"({TOKEN}/{TOKEN})((?:{PARAMETER})*)")
PARAMETERS = re.compile(PARAMETER)
MAX_LENGTH = 1_000  # of a header that is looked at; browsers send 100 to 200


def parse(text: str) -> tuple[str, dict[str, str]] | None:
    """Read one media type and its parameters, in small letters; None if it is not one."""
    if len(text) > MAX_LENGTH:
        return None
    match = MEDIA_TYPE.fullmatch(text.strip().rstrip("; \t").lower())
    if match is None:
        return None
    return match[1], {name: value.strip('"') for name, value in PARAMETERS.findall(match[2])}


@lru_cache
def is_json(content_type: str) -> bool:
    """Tell whether a body is said to be JSON in UTF-8, which is what JSON is without a word."""
    found = parse(content_type)
    return found is not None and found[0] == JSON and found[1].get("charset", "utf-8") == "utf-8"


@lru_cache
def best_of(accept: str, offered: tuple[str, ...] = OFFERED) -> str | None:
    """Choose what a client likes best of what is offered; None if it likes none.

    The most specific range decides about a type, as RFC 9110 (12.5.1) says. Of what it likes
    equally a client gets the last that it names, or else the first.
    """
    if not accept.strip():
        return offered[0]
    qualities = {}
    for part in accept[:MAX_LENGTH].split(","):
        if found := parse(part):
            qualities[found[0]] = quality_of(found[1].get("q", "1"))

    def preference(place: int) -> tuple[float, int]:
        name = offered[place]
        if name in qualities:
            return qualities[name], place
        ranges = f"{name.partition('/')[0]}/*", "*/*"
        return next((qualities[each] for each in ranges if each in qualities), 0), -place

    best = max(range(len(offered)), key=preference)
    return offered[best] if preference(best)[0] > 0 else None


def quality_of(text: str) -> float:
    """Read a quality from 0 to 1; what is none is no preference."""
    return float(text) if re.fullmatch(r"[01](\.[0-9]{0,3})?", text) else 0
