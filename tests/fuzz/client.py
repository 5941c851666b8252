"""A client that sends whatever bytes it is given, and reads one answer."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any, TypeAlias

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]

JSON: Headers = ((b"Host", b"localhost"), (b"Content-Type", b"application/json"))
PATIENCE_SECONDS = 30
LONGEST_SHOWN = 4_000


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is framed as HTTP wants it, whatever the rest of it is.

    With `chunk_size` its body is sent in chunks of so many bytes.
    """

    method: bytes = b"POST"
    target: bytes = b"/graphql"
    headers: Headers = JSON
    body: bytes = b""
    chunk_size: int | None = None

    def encoded(self) -> bytes:
        """All of it, as it is sent; the connection ends with the answer."""
        if self.chunk_size is None:
            framing, body = (b"Content-Length", b"%d" % len(self.body)), self.body
        else:
            framing, body = (b"Transfer-Encoding", b"chunked"), chunked(self.body, self.chunk_size)
        headers = (*self.headers, framing, (b"Connection", b"close"))
        lines = [b"%b: %b" % header for header in headers]
        return b"\r\n".join([b"%b %b HTTP/1.1" % (self.method, self.target), *lines, b"", body])

    @property
    def is_for_graphql(self) -> bool:
        """Whether GraphQL has to answer it."""
        return self.target.partition(b"?")[0] == b"/graphql"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def __str__(self) -> str:
        return f"{self.status} {self.headers} {self.body[:LONGEST_SHOWN]!r}"

    def header(self, name: str) -> str:
        """The values of a header, in one."""
        return ", ".join(value for each, value in self.headers if each.lower() == name)


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in pieces) + b"0\r\n\r\n"


def operation(
    document: str,
    variables: Mapping[str, Any] | None = None,
    *,
    token: str | None = None,
    **more: Any,
) -> Request:
    """The request for an operation, as every client sends it."""
    headers = JSON if token is None else (*JSON, (b"Authorization", f"Bearer {token}".encode()))
    content = {"query": document, "variables": variables or {}, **more}
    return Request(headers=headers, body=json.dumps(content).encode())


def send(
    port: int, raw: bytes, method: bytes = b"GET", patience_seconds: float = PATIENCE_SECONDS
) -> Answer | None:
    """Send some bytes and read the first answer; None if there is none in time.

    The method says whether an answer has a body.
    """
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
        connection.settimeout(patience_seconds)
        with suppress(ConnectionError):  # it may have answered before it had read all
            connection.sendall(raw)
        response = HTTPResponse(connection, method=method.decode("latin-1"))
        try:
            response.begin()
            return Answer(response.status, tuple(response.getheaders()), response.read())
        except (OSError, HTTPException):
            return None
        finally:
            response.close()


def break_off(port: int, raw: bytes) -> None:
    """Send some bytes, and be gone."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
        connection.sendall(raw)
