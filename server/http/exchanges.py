"""One request and its answer on a connection."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from server.http.watches import Departure

KNOWN_LINES = 500  # of heads; nearly all of them are the same in each answer
LEFT_TO_UVICORN = frozenset({b"connection", b"transfer-encoding"})


class Exchange(RequestResponseCycle):
    """Uvicorn's, which takes less time for what is whole, and tells when the client goes away."""

    def __init__(self, connection: HttpToolsProtocol) -> None:
        scope = connection.scope
        super().__init__(
            scope,
            connection.transport,
            connection.flow,
            connection.logger,
            connection.access_logger,
            connection.access_log,
            connection.server_state.default_headers,
            asyncio.Event(),
            connection.expect_100_continue,
            scope["http_version"] != "1.0" and connection.parser.should_keep_alive(),
            connection.on_response_complete,
        )
        self.departure = Departure()

    async def send(self, message: Any) -> None:
        """Write the head of an answer that says how long it is; the rest is uvicorn's to write."""
        if message["type"] == "http.response.start" and not (
            self.response_started or self.disconnected or self.flow.write_paused or self.access_log
        ):
            headers = [*self.default_headers, *message.get("headers", ())]
            by_name = dict(headers)
            if b"content-length" in by_name and LEFT_TO_UVICORN.isdisjoint(by_name):
                self._write_head(message["status"], headers, int(by_name[b"content-length"]))
                return
        await super().send(message)

    def _write_head(self, status: int, headers: list[tuple[bytes, bytes]], length: int) -> None:
        self.response_started = True
        self.waiting_for_100_continue = False
        self.chunked_encoding = False
        self.expected_content_length = length
        lines = [line_of(*each) for each in headers]
        end = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        self.transport.write(b"".join([STATUS_LINE[status], *lines, end]))


@lru_cache(KNOWN_LINES)
def line_of(name: bytes, value: bytes) -> bytes:
    """Write a header; raises `ValueError` if it would be read as more than one."""
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise ValueError("A header that would be read as something else.")
    return name.lower() + b": " + value + b"\r\n"
