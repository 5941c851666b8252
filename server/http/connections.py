"""Connections with bounds that uvicorn's have not: on headers, on waiting, and on what follows.

A connection has one request at a time. What is sent behind one before its answer is not read,
and the connection ends with the answer, so that a client's departure is always that of its request.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from itertools import chain
from typing import Any
from urllib.parse import unquote

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser, parse_url
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from schema.errors import Code
from server.http.exchanges import Exchange
from server.http.requests import HttpError
from server.http.responses import refusal
from server.http.watches import DEPARTURE

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

    cycle: Exchange
    scope: Any
    url = b""
    _is_in_head = True
    _is_ending = False
    _bytes_since = 0  # the last head or request ended: one header may be all of them
    _is_awaited = True  # the rest of what has begun, which does not get more time by coming slowly
    _due: float | None = None  # until when what is awaited has time
    _timer: asyncio.TimerHandle | None = None  # of which there is one: most fire long before

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        is_left = self._is_answering
        super().connection_lost(exc)
        if is_left:
            self.cycle.departure.happen()

    def data_received(self, data: bytes) -> None:
        if self._is_ending:
            return
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
            elif not (self._is_awaited or self._is_answering):
                self._is_awaited = True  # a head that has begun, or the rest of an old body
                self._wait(HEAD_SECONDS)

    def on_message_begin(self) -> None:
        if self._is_answering:
            raise HttpParserError("A request before the answer to the last one.")
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_in_head:  # a trailer is nobody's header
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._is_too_large:
            raise HttpParserError("Too large a head.")
        self._is_in_head = False
        self._bytes_since = 0
        self._is_awaited, self._due = False, None
        if not self.parser.should_upgrade():
            self._begin_exchange()

    def on_message_complete(self) -> None:
        self._is_in_head = True
        self._bytes_since = 0
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if not self.transport.is_closing():
            self.flow.resume_reading()
        is_read = not self.transport.get_write_buffer_size()
        self._wait(self.timeout_keep_alive if is_read else READING_SECONDS)

    def shutdown(self) -> None:
        super().shutdown()
        if not self._is_answering:
            self._wait(FAREWELL_SECONDS)

    @property
    def _is_too_large(self) -> bool:
        headers = self.headers or ()  # which may be none yet
        size = len(self.url) + sum(map(len, chain.from_iterable(headers)))
        return size > MAX_HEAD_BYTES or len(headers) > MAX_HEADERS

    def _begin_exchange(self) -> None:
        """Have the app answer a request, whose body may still come."""
        url, scope = parse_url(self.url), self.scope
        path = url.path.decode("ascii")
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["http_version"] = self.parser.get_http_version()
        scope["path"] = self.root_path + (unquote(path) if "%" in path else path)
        scope["raw_path"] = self.root_path.encode("ascii") + url.path
        scope["query_string"] = url.query or b""
        self.cycle = Exchange(self)
        scope["extensions"] = {DEPARTURE: self.cycle.departure}
        self._start_asgi_task(self.cycle, self.app)

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

    def _wait(self, seconds: float) -> None:
        """Hang up after so long, unless another request comes; a timer that fires before stays."""
        self._due = self.loop.time() + seconds
        if self._timer is not None and self._timer.when() > self._due:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self.loop.call_later(seconds, self._look_at_the_time)

    def _look_at_the_time(self) -> None:
        self._timer = None
        if self._due is None:
            return
        left = self._due - self.loop.time()
        if left > 0:
            self._timer = self.loop.call_later(left, self._look_at_the_time)
        elif self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()
