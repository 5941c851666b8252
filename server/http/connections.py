"""Connections, with bounds on what stands before a body; uvicorn's parser has none."""

from __future__ import annotations

import asyncio
from typing import Any

from httptools import HttpParserError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 65_536  # of the request line and the headers: a GET carries its document there
HEAD_SECONDS = 10.0
MESSAGE = (
    b'{"errors":[{"message":"The headers may have 65,536 bytes at most.",'
    b'"extensions":{"code":"QUERY_TOO_COMPLEX"}}]}'
)
REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: application/json; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s"
) % (len(MESSAGE), MESSAGE)


class BoundedHeads(HttpToolsProtocol):
    """Answers 431 to a head that is too large, and hangs up on one that takes too long to come."""

    _is_in_head = True
    _head_bytes = 0  # that the parser has told of
    _unread_bytes = 0  # that came meanwhile, and may all be of one header
    _hanging_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_head = self._is_in_head
        super().data_received(data)
        if was_in_head and self._is_in_head and not self.transport.is_closing():
            self._unread_bytes += len(data)
            if self._unread_bytes > MAX_HEAD_BYTES:
                self._refuse()

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
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_in_head = True
        self._unread_bytes = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse()
        else:
            super().send_400_response(msg)

    def _count(self, part: bytes) -> None:
        self._head_bytes += len(part)
        if self._head_bytes > MAX_HEAD_BYTES:
            raise HttpParserError  # whereupon uvicorn sends its 400

    def _refuse(self) -> None:
        self.transport.write(REFUSAL)
        self.transport.close()

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._hanging_up = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._hanging_up is not None:
            self._hanging_up.cancel()
