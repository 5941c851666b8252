"""Connections with bounds that uvicorn's have not: on headers, on waiting, and on what follows.

A connection has one request at a time. What is sent behind one before its answer is not read,
and the connection ends with the answer, so that a client's departure is always that of its request.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from schema.errors import Code
from server.http.requests import HttpError
from server.http.responses import refusal

MAX_HEAD_BYTES = 65_536  # of the request line and the headers: a GET carries its document there
MAX_HEADERS = 200
HEAD_SECONDS = 10.0
READING_SECONDS = 60.0  # for a client to read what it was answered
FAREWELL_SECONDS = 5.0  # the same when the server ends
UPGRADE_HEADERS = {b"connection", b"http2-settings", b"upgrade"}
TOO_LARGE = HttpError(
    431,
    f"There may be {MAX_HEADERS} headers of {MAX_HEAD_BYTES:,} bytes at most.",
    code=Code.QUERY_TOO_COMPLEX,
)
NO_REQUEST = HttpError(400, "This is no HTTP request.")


class HttpConnection(HttpToolsProtocol):
    """Reads requests one after the other, and hangs up on who keeps it waiting."""

    _is_in_head = True
    _is_ending = False
    _head_bytes = 0  # that the parser has told of
    _bytes_since = 0  # the last head or request ended: one header may be all of them
    _timer: asyncio.TimerHandle | None = None

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._hang_up_after(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_ending:
            return
        self._unset_keepalive_if_required()
        self._bytes_since += len(data)
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            self._decline_upgrade(data[upgrade.args[0] :])
        except HttpParserError:
            self._end(TOO_LARGE if self._is_too_large else NO_REQUEST)
        else:
            if self._is_in_head and self._bytes_since > MAX_HEAD_BYTES:
                self._end(TOO_LARGE)
            elif not self._is_answering and self._timer is None:
                self._hang_up_after(HEAD_SECONDS)  # as for a head that has begun, or an old body

    def on_message_begin(self) -> None:
        if self._is_answering:
            raise HttpParserError("A request before the answer to the last one.")
        super().on_message_begin()
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_in_head:  # a trailer is nobody's header
            super().on_header(name, value)
            self._count(name + value)

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._bytes_since = 0
        self._stop_timer()
        if not self.parser.should_upgrade():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_in_head = True
        self._bytes_since = 0
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self._stop_timer()
            self._timer = self.loop.call_later(READING_SECONDS, self._abort_unless_read)

    def shutdown(self) -> None:
        super().shutdown()
        if not self._is_answering:
            self._stop_timer()
            self._timer = self.loop.call_later(FAREWELL_SECONDS, self._abort_unless_read)

    @property
    def _is_too_large(self) -> bool:
        return self._head_bytes > MAX_HEAD_BYTES or len(self.headers or ()) > MAX_HEADERS

    def _count(self, part: bytes) -> None:
        self._head_bytes += len(part)
        if self._is_too_large:
            raise HttpParserError("Too large a head.")

    def _decline_upgrade(self, rest: bytes) -> None:
        """Read a request as if no other protocol had been offered, as who knows of none does."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._end(NO_REQUEST)
            return
        lines = [b"%s %s HTTP/%s" % (method, self.url, self.parser.get_http_version().encode())]
        lines += [b"%s: %s" % each for each in self.headers if each[0] not in UPGRADE_HEADERS]
        self.parser = HttpRequestParser(self)
        self._is_in_head = True
        self.data_received(b"\r\n".join([*lines, b"", rest]))

    def _end(self, error: HttpError) -> None:
        """Read no further; the answer to the last request is still sent, or else this error."""
        self._is_ending = True
        if self._is_answering:
            self.cycle.keep_alive = False
            return
        answer = refusal(error)
        head = (
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n"
            f"content-type: {answer.media_type}; charset=utf-8\r\n"
            f"content-length: {len(answer.body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + answer.body)
        self.transport.close()

    def _hang_up_after(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, self.transport.close)

    def _abort_unless_read(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        elif not self._is_answering and self.timeout_keep_alive_task is None:
            self._hang_up_after(HEAD_SECONDS)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
