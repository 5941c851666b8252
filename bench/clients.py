"""HTTP clients that take next to no CPU: raw sockets, kept alive."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from bench.servers import HOST

END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def post(body: bytes, token: str | None = None, *, request_id: str | None = None) -> bytes:
    """Write a POST of JSON."""
    head = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    if request_id:
        head += f"X-Request-Id: {request_id}\r\n"
    return request("POST /graphql", head, token) + body


def get(query: str, token: str | None = None) -> bytes:
    """Write a GET; the query is percent-encoded."""
    return request(f"GET /graphql?query={query}", "", token)


def request(line: str, headers: str, token: str | None) -> bytes:
    """Write a request up to its body."""
    if token:
        headers += f"Authorization: Bearer {token}\r\n"
    return f"{line} HTTP/1.1\r\nHost: {HOST}\r\n{headers}\r\n".encode()


async def ask(port: int, message: bytes) -> Answer:
    """Send one request over a connection of its own."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(message)
        head = (await reader.readuntil(END_OF_HEAD)).decode("latin-1")
        line, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        headers = [
            (name.lower(), value.strip()) for name, _, value in (h.partition(":") for h in lines)
        ]
        length = int(dict(headers)["content-length"])
        return Answer(int(line.split()[1]), headers, await reader.readexactly(length))
    finally:
        writer.transport.abort()


class Asker(asyncio.Protocol):
    """Sends the same request over one connection, as often as told, each after the last answer.

    All answers are as long as the first.
    """

    def __init__(self, message: bytes, times: int) -> None:
        self._message = message
        self._left = times
        self._head = b""
        self._answer_length = 0
        self._received = 0
        self._transport: Any = None
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self._transport = transport
        self._transport.write(self._message)

    def data_received(self, data: bytes) -> None:
        """Ask again once an answer is there."""
        self._received += len(data)
        if not self._answer_length:
            self._head += data
            self._answer_length = length_of(self._head)
        if self._received == self._answer_length:
            self._received = 0
            self._left -= 1
            if self._left:
                self._transport.write(self._message)
            else:
                self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whether all was answered."""
        if self._left:
            self.done.set_exception(exc or ConnectionError("The server hung up."))
        else:
            self.done.set_result(None)


def length_of(answer: bytes) -> int:
    """Read how long an answer is with its head, or 0 if that is not there yet; it has to be 200."""
    head, end, _ = answer.partition(END_OF_HEAD)
    if not end:
        return 0
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise ValueError(head.decode("latin-1"))
    body_length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    return len(head) + len(end) + body_length


async def ask_often(port: int, message: bytes, *, connections: int, times: int) -> None:
    """Send a request over some connections at once, so many times over each."""
    loop = asyncio.get_running_loop()
    askers = [Asker(message, times) for _ in range(connections)]
    for asker in askers:
        await loop.create_connection(lambda asker=asker: asker, HOST, port)  # type: ignore[misc] # mypy reads no type off a default
    await asyncio.gather(*(asker.done for asker in askers))
