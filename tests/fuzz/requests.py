"""HTTP of every kind: what frames a request is right, and nothing else need be."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.fuzz.choices import either
from tests.fuzz.client import Headers, Request
from tests.fuzz.documents import EXAMPLES, json_values

SOME = 12
METHODS = [b"POST", b"GET", b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"PATCH", b"TRACE", b"QUERY"]
ODD_METHODS = [b"CONNECT", b"get", b"PRI", b"M-SEARCH", b"\xff", b"POST POST"]
PATHS = [b"/graphql", b"/graphql/", b"//graphql", b"/graphql%2f", b"/", b"/livez", b"/readyz", b"*"]
KEYS = ["query", "operationName", "variables", "extensions", "id", "__proto__"]
VALUES = {
    b"Content-Type": [b"application/json", b"application/json; charset=utf-8", b"text/plain",
        b"application/graphql+json", b"multipart/form-data; boundary=x", b"APPLICATION/JSON;",
        b"application/json; charset=latin-1", b'application/json; charset="utf-8"'],
    b"Accept": [b"application/json", b"application/graphql-response+json", b"text/html", b"*/*",
        b"application/*;q=0.1, application/json;q=0", b"text/html,*/*;q=0.8", b";q=", b"q=1"],
    b"Content-Encoding": [b"gzip", b"identity", b"br, gzip", b""],
    b"Authorization": [b"Bearer " + b"A" * 43, b"Bearer", b"Basic YTpi", b"bearer  " + b"-" * 43],
    b"X-Request-ID": [b"7d2c7c0e-5f0f-4e5a-9a39-6b1f1d9d6c11", b"a" * 5_000, b"%0d%0aX: y"],
    b"Host": [b"localhost", b"localhost:8000", b"[::1]", b"[", b"a b", b"example.com", b"@", b":"],
    b"Origin": [b"http://localhost:3000", b"null", b"https://example.com", b"http://[", b"\xff"],
    b"Access-Control-Request-Method": [b"POST", b"PUT", b""],
    b"Access-Control-Request-Headers": [b"content-type", b"x-anything, \xe9"],
    b"Inkwell-Cost": [b"1", b""],
    b"User-Agent": [b"Mozilla/5.0", b"\x80\xff", b"a" * 3_000],
    b"X-Forwarded-For": [b"10.0.0.1", b"::1, unknown", b"a" * 300],
    b"X-Forwarded-Proto": [b"https", b"gopher"],
    b"Forwarded": [b"for=1.2.3.4;proto=https;host=example.com"],
    b"Cookie": [b"session=1", b"=;=;\xff"],
    b"Range": [b"bytes=0-0", b"bytes=-"],
    b"If-None-Match": [b"*"],
    b"Expect": [b"100-continue", b"anything"],
    b"Accept-Encoding": [b"gzip, br", b"identity;q=0, *;q=0"],
    b"Upgrade": [b"websocket", b"h2c"],
    b"Sec-WebSocket-Version": [b"13"],
}  # fmt: skip
UNFIT = bytes(each for each in range(32) if each != 9) + b"\x7f"

PARTS_OF_JSON = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\u0000", b"\\ud800", b"\\", b"\xff", b"\x00", b"-",
    b"null", b"NaN", b"1e400", b"9" * 500, b"\xef\xbb\xbf", b'"query":', b'"variables":',
]  # fmt: skip


def bodies() -> SearchStrategy[bytes]:
    """Bodies of any bytes, of almost JSON, and of JSON of any shape."""
    return either(
        contents().map(encoded),
        contents().map(encoded).flatmap(spoilt),
        json_values().map(encoded),
        st.lists(st.sampled_from(PARTS_OF_JSON), max_size=SOME).map(b"".join),
        st.binary(max_size=200),
        deep_json(),
    )


def contents() -> SearchStrategy[dict[str, Any]]:
    """Objects like a request's, of which any part may be anything."""
    query = st.sampled_from([*EXAMPLES, "{__typename}", ""]) | json_values()
    name = st.none() | st.sampled_from(["A", "B", "C", "D", "E"]) | json_values()
    variables = st.none() | st.dictionaries(st.text(max_size=3), json_values()) | json_values()
    usual = st.fixed_dictionaries(
        {"query": query},
        optional={"operationName": name, "variables": variables, "extensions": json_values()},
    )
    return usual | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), json_values())


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


@st.composite
def deep_json(draw: st.DrawFn) -> bytes:
    """JSON that is deeper than it has reason to be, by itself or as a variable."""
    opening, closing = draw(st.sampled_from([(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")]))
    depth = draw(st.integers(1, 50) | st.integers(1, 50_000))
    nest = opening * depth + b"1" + closing * (depth - draw(st.sampled_from([0, 0, 1])))
    if draw(st.booleans()):
        return nest
    return b'{"query":"query($a:ID){__typename node(id:$a){id}}","variables":{"a":' + nest + b"}}"


def spoilt(text: bytes) -> SearchStrategy[bytes]:
    """The same with some bytes left out, doubled, or replaced."""

    @st.composite
    def spoil(draw: st.DrawFn) -> bytes:
        some = bytearray(text)
        for _ in range(draw(st.integers(1, 4))):
            start = draw(st.integers(0, len(some)))
            end = draw(st.integers(start, min(len(some), start + SOME)))
            new = st.binary(max_size=3) | st.sampled_from(
                [*PARTS_OF_JSON, bytes(some[start:end]) * 2]
            )
            some[start:end] = draw(new)
        return bytes(some)

    return spoil()


@st.composite
def headers(draw: st.DrawFn) -> Headers:
    """Headers that look right, nearly so, or not at all; sometimes twice."""
    found = [(b"Content-Type", b"application/json"), (b"Host", b"localhost")]
    found = [each for each in found if draw(st.integers(0, 9)) > 0]
    for name in draw(st.lists(st.sampled_from([*VALUES]), max_size=5)):
        value = draw(st.sampled_from(VALUES[name]) | st.binary(max_size=30))
        if draw(st.booleans()):
            value = draw(spoilt(value))
        found.append((name, value))
    if draw(st.booleans()):
        found.append(
            (
                b"X-" + draw(st.from_regex(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}", fullmatch=True)),
                draw(st.binary(max_size=500)),
            )
        )
    fits = draw(st.integers(0, 9)) > 0
    return tuple(
        (name, value.translate(None, UNFIT) if fits else value.translate(None, b"\r\n"))
        for name, value in draw(st.permutations(found))
    )


@st.composite
def targets(draw: st.DrawFn) -> bytes:
    """Paths and what stands behind them: parameters of any bytes, percent-encoded or not."""
    path = draw(
        st.just(b"/graphql") | st.sampled_from(PATHS) | st.binary(max_size=SOME).map(quoted)
    )
    if draw(st.booleans()):
        return path
    texts = st.one_of(
        st.sampled_from(["{__typename}", "null", "{}", *EXAMPLES]).map(str.encode),
        json_values().map(encoded),
        st.binary(max_size=50),
    )
    pairs = [
        key.encode() + b"=" + quoted(draw(texts))
        for key in draw(st.lists(st.sampled_from(KEYS), max_size=4))
    ]
    query = b"&".join(pairs)
    if draw(st.integers(0, 3)) == 0:
        query = draw(spoilt(query)).translate(None, b" \r\n")
    return path + b"?" + query


def quoted(text: bytes) -> bytes:
    return quote_from_bytes(text).encode()


def requests() -> SearchStrategy[Request]:
    """Requests of any kind, whose framing is right."""
    return st.builds(
        Request,
        method=st.sampled_from(METHODS[:2] * 4 + METHODS) | st.sampled_from(METHODS),
        target=targets(),
        headers=headers(),
        body=bodies(),
        chunk_size=st.none() | st.integers(1, 10_000),
    )
