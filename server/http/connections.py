"""Connections, with bounds on what stands before a body; uvicorn's parser has none."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from httptools import HttpParserError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from schema.errors import Code
from server.http.requests import HttpError
from server.http.responses import refusal

MAX_HEAD_BYTES = 65_536  # of the request line and the headers: a GET carries its document there
HEAD_SECONDS = 10.0
TOO_LARGE = HttpError(
    431,
    f"The headers may have {MAX_HEAD_BYTES:,} bytes at most.",
    code=Code.QUERY_TOO_COMPLEX,
)
NO_REQUEST = HttpError(400, "This is no HTTP request.")


class BoundedHeads(HttpToolsProtocol):
    """Answers 431 to a head that is too large, and hangs up on one that takes too long to come."""

    _is_in_head = True
    _head_bytes = 0  # that the parser has told of
    _bytes_since = 0  # the last head or request ended: one header may be all of them
    _hanging_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._bytes_since += len(data)
        super().data_received(data)
        is_too_large = self._is_in_head and self._bytes_since > MAX_HEAD_BYTES
        if is_too_large and not self.transport.is_closing():
            self._answer(TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0
        self._wait_for_head()

    def on_url(self, url: bytes) -> None:
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(name + value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._bytes_since = 0
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_in_head = True
        self._bytes_since = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        if self._head_bytes > MAX_HEAD_BYTES:
            self._answer(TOO_LARGE)
        else:
            self._answer(NO_REQUEST)

    def _count(self, part: bytes) -> None:
        self._head_bytes += len(part)
        if self._head_bytes > MAX_HEAD_BYTES:
            raise HttpParserError  # whereupon uvicorn sends its 400

    def _answer(self, error: HttpError) -> None:
        """Answer what has not become a request, and hang up."""
        answer = refusal(error)
        head = (
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n"
            f"content-type: {answer.media_type}; charset=utf-8\r\n"
            f"content-length: {len(answer.body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + answer.body)
        self.transport.close()

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._hanging_up = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._hanging_up is not None:
            self._hanging_up.cancel()
