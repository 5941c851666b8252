"""One request and its answer on a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from server.http.watches import Departure

CONTROLS = bytes({*range(32), 127} - {9})  # what no header holds: all of them but the tab
LEFT_TO_UVICORN = frozenset({b"connection", b"transfer-encoding"})


class Exchange(RequestResponseCycle):
    """Uvicorn's, which takes less time for what is whole, and tells when the client goes away.

    The head of an answer waits for the body, as ASGI has it, so that both can be one write.
    """

    _head: Any = None  # while it waits

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
        """Write an answer that is whole, and says how long it is; others are uvicorn's to write."""
        if message["type"] == "http.response.start" and not self.response_started:
            self._head = message
            return
        head, self._head = self._head, None
        if head is not None:
            headers = [*self.default_headers, *head.get("headers", ())]
            if self._is_plain(dict(headers), message):
                self._write(head["status"], headers, message.get("body", b""))
                return
            await super().send(head)
        await super().send(message)

    def _is_plain(self, headers: dict[bytes, bytes], message: Any) -> bool:
        """Tell whether a message is all that follows a head, and nothing has to be waited for."""
        return (
            headers.get(b"content-length") == b"%d" % len(message.get("body", b""))
            and LEFT_TO_UVICORN.isdisjoint(headers)
            and not message.get("more_body")
            and self.scope["method"] != "HEAD"
            and not (self.disconnected or self.flow.write_paused or self.access_log)
        )

    def _write(self, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
        self.response_started = True
        self.waiting_for_100_continue = False
        end = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        self.transport.write(b"".join([STATUS_LINE[status], lines_of(headers), end, body]))
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


def lines_of(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Write headers; raises `ValueError` if one would be read as something else."""
    lines = b"\r\n".join([*map(b": ".join, headers), b""])
    if len(lines) - len(lines.translate(None, CONTROLS)) != 2 * len(headers):
        raise ValueError("A header that would be read as something else.")
    return lines
