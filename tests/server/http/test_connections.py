"""What stands before a body, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from server.http import connections
from server.http.connections import MAX_HEAD_BYTES, HttpConnection
from tests.server.sockets import serving

HEAD = b"GET / HTTP/1.1\r\nHost: inkwell\r\n"
CHUNK = 10_000
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
async def port() -> AsyncGenerator[int]:
    """Where an app is served that answers everything."""
    async with serving(PlainTextResponse("there"), http=HttpConnection) as port:
        yield port


@asynccontextmanager
async def connected(port: int) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection that ends with the block."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def answer(port: int, *parts: bytes) -> bytes:
    """Send parts one after the other, and read until the server hangs up or has answered."""
    async with connected(port) as (reader, writer):
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            for part in parts:
                writer.write(part)
                await writer.drain()
            return await reader.readuntil(b"\r\n")
        return b""


def in_chunks(content: bytes) -> list[bytes]:
    return [content[place : place + CHUNK] for place in range(0, len(content), CHUNK)]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(HEAD + b"A: " + b"a" * MAX_HEAD_BYTES + b"\r\n\r\n", id="one-header"),
        pytest.param(HEAD + b"A: b\r\n" * MAX_HEAD_BYTES + b"\r\n", id="many-headers"),
        pytest.param(HEAD.replace(b"/ ", b"/" + b"a" * MAX_HEAD_BYTES + b" "), id="the-address"),
        pytest.param(HEAD + b"a" * 20 * MAX_HEAD_BYTES, id="a-name-without-an-end"),
    ],
)
async def test_a_head_that_is_too_large_is_431(port: int, head: bytes) -> None:
    """At once or bit by bit: a gigabyte of headers would be kept until the last has come."""
    answers = {await answer(port, head), await answer(port, *in_chunks(head))}

    # Who still sends when the connection is closed may lose the answer.
    assert answers <= {b"HTTP/1.1 431 Request Header Fields Too Large\r\n", b""}


async def test_a_head_that_is_large_enough_is_told_why(port: int) -> None:
    """In GraphQL's shape, as everything else."""
    async with connected(port) as (reader, writer):
        writer.write(HEAD + b"A: " + b"a" * MAX_HEAD_BYTES + b"\r\n\r\n")

        response = await reader.read()

        assert response.startswith(b"HTTP/1.1 431 ")
        assert (
            b'{"errors":[{"message":"There may be 200 headers of 65,536 bytes at most."' in response
        )


async def test_a_head_within_bounds_is_served_however_it_comes(port: int) -> None:
    """In one read or in many."""
    head = HEAD + b"A: " + b"a" * (MAX_HEAD_BYTES - 1_000) + b"\r\n\r\n"

    whole, bit_by_bit = await answer(port, head), await answer(port, *in_chunks(head))

    assert whole == bit_by_bit == OK


@pytest.mark.parametrize("size", [MAX_HEAD_BYTES, MAX_HEAD_BYTES + 1, 120_000, 200_000, 1_000_000])
async def test_a_body_is_no_head(port: int, size: int) -> None:
    """However much of it comes with the headers, in one read."""
    head = f"POST / HTTP/1.1\r\nHost: inkwell\r\nContent-Length: {size}\r\n\r\n"
    request = head.encode() + b"x" * size

    alone, behind_another = await answer(port, request), await answer(port, HEAD, b"\r\n", request)

    assert alone == behind_another == OK


async def test_what_is_no_request_is_400(port: int) -> None:
    """In GraphQL's shape, though nobody knows what it was."""
    async with connected(port) as (reader, writer):
        writer.write(b"\x16\x03\x01\r\n\r\n")

        response = await reader.read()

        assert response.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b'{"errors":[{"message":"This is no HTTP request."' in response


async def test_a_head_that_does_not_come_is_not_waited_for(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of connections that send a byte a minute would hold a socket each."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)

    async with asyncio.timeout(5):
        assert await answer(port) == b""
        assert await answer(port, HEAD) == b""
        assert await answer(port, HEAD + b"\r\n", HEAD) == OK


async def test_requests_behind_one_another_are_served_and_beside_it_are_not(port: int) -> None:
    """Else nobody could tell whose client has gone; who asks anew gets the answer."""
    async with connected(port) as (reader, writer):
        for _ in range(3):
            writer.write(HEAD + b"\r\n")
            assert await reader.readuntil(b"\r\n\r\nthere")
        writer.write((HEAD + b"\r\n") * 3)
        last = await reader.read()

        assert last.count(OK) == 1 and b"connection: close" in last


async def test_what_follows_a_request_does_not_take_its_answer(port: int) -> None:
    """Garbage is told of only to those who sent nothing else."""
    async with connected(port) as (reader, writer):
        writer.write(HEAD + b"\r\n\x16\x03\x01\r\n\r\n")
        response = await reader.read()

        assert response.startswith(OK) and response.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "afterwards", [b"\r\n", b"G", HEAD], ids=["a-line-end", "a-letter", "half-a-head"]
)
async def test_a_connection_is_not_held_by_a_few_bytes(
    port: int, monkeypatch: pytest.MonkeyPatch, afterwards: bytes
) -> None:
    """After an answer neither, nor by the rest of a body that nobody reads."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    refused = b"GET / HTTP/1.1\r\nHost: inkwell\r\nContent-Length: 1000\r\n\r\n"

    async with asyncio.timeout(5):
        for request in HEAD + b"\r\n", refused:
            async with connected(port) as (reader, writer):
                writer.write(request)
                assert await reader.readuntil(b"there")
                writer.write(afterwards)
                assert await reader.read() == b""


async def test_an_answer_that_nobody_reads_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few clients could hold all memory with it, for ever."""
    monkeypatch.setattr(connections, "READING_SECONDS", 0.2)
    large = PlainTextResponse("x" * 20_000_000)

    async with (
        asyncio.timeout(10),
        serving(large, http=HttpConnection) as port,
        connected(port) as (reader, writer),
    ):
        writer.write(HEAD + b"\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.5)  # long enough for the server to lose patience
        received = 0
        with suppress(ConnectionResetError):
            while part := await reader.read(2**20):
                received += len(part)

    assert received < 20_000_000


async def test_a_server_that_ends_does_not_wait_for_readers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One client that reads nothing would hold up a deploy until it is killed."""
    monkeypatch.setattr(connections, "FAREWELL_SECONDS", 0.2)
    large = PlainTextResponse("x" * 20_000_000)

    async with asyncio.timeout(5), serving(large, http=HttpConnection) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"\r\n")
        await reader.readuntil(b"\r\n\r\n")

    writer.transport.abort()


async def test_an_offer_of_another_protocol_is_declined(port: int) -> None:
    """By serving the request as it is: Java's client offers HTTP/2 with each first one."""
    head = (
        b"POST / HTTP/1.1\r\nHost: inkwell\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 5\r\n\r\n"
    )

    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        names = ",".join(name.decode() for name, _ in scope["headers"])
        await PlainTextResponse(body.decode() + names)(scope, receive, send)

    async with (
        serving(echo, http=HttpConnection) as echoing,
        connected(echoing) as (reader, writer),
    ):
        for parts in [head + b"hello"], [head, b"hel", b"lo"]:
            for part in parts:
                writer.write(part)
                await writer.drain()
            assert await reader.readuntil(b"hellohost,content-length")

    assert (
        await answer(port, b"CONNECT inkwell:80 HTTP/1.1\r\n\r\n")
        == b"HTTP/1.1 400 Bad Request\r\n"
    )


async def test_a_trailer_is_no_header() -> None:
    """What a proxy has checked or taken away at the head could come back behind the body."""

    async def tell(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        names = ",".join(name.decode() for name, _ in scope["headers"])
        await PlainTextResponse(names + ";")(scope, receive, send)

    head = b"POST / HTTP/1.1\r\nHost: inkwell\r\nTransfer-Encoding: chunked\r\n\r\n"

    async with serving(tell, http=HttpConnection) as port, connected(port) as (reader, writer):
        writer.write(head + b"2\r\nhi\r\n0\r\nAuthorization: Bearer x\r\n\r\n")

        assert await reader.readuntil(b"host,transfer-encoding;")


@pytest.mark.parametrize("line", [b"HTTP/1.1\r\nConnection: close", b"HTTP/1.0"])
async def test_a_connection_ends_with_the_answer_if_it_is_to(port: int, line: bytes) -> None:
    """By the words of both sides."""
    async with asyncio.timeout(5), connected(port) as (reader, writer):
        writer.write(HEAD.replace(b"HTTP/1.1", line) + b"\r\n")
        response = await reader.read()

    assert response.startswith(OK) and b"\r\nconnection: close\r\n" in response


async def test_an_answer_is_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each write is a packet and a call of the system's; the head waits for what follows it."""
    written: list[bytes] = []

    class Transport:
        """A connection's, which keeps what is written."""

        def __init__(self, transport: asyncio.Transport) -> None:
            self._transport = transport

        def __getattr__(self, name: str) -> Any:
            return getattr(self._transport, name)

        def write(self, content: bytes) -> None:
            written.append(content)
            self._transport.write(content)

    def connection_made(connection: HttpConnection, transport: Any) -> None:
        made(connection, Transport(transport))

    made = HttpConnection.connection_made
    monkeypatch.setattr(HttpConnection, "connection_made", connection_made)

    async with serving(PlainTextResponse("there"), http=HttpConnection) as port:
        for _ in range(2):
            assert await answer(port, HEAD + b"\r\n") == OK

    assert len(written) == 2
    assert all(each.startswith(OK) and each.endswith(b"\r\n\r\nthere") for each in written)


async def test_an_answer_that_comes_in_parts_is_sent_in_parts() -> None:
    """A reader need not wait for the last one, nor is the length known before."""
    is_read = asyncio.Event()

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await is_read.wait()
        await send({"type": "http.response.body", "body": b"two"})

    async with (
        asyncio.timeout(5),
        serving(stream, http=HttpConnection) as port,
        connected(port) as (reader, writer),
    ):
        writer.write(HEAD + b"\r\n")
        assert b"\r\ntransfer-encoding: chunked\r\n" in await reader.readuntil(b"one\r\n")
        is_read.set()
        assert await reader.readuntil(b"0\r\n\r\n") == b"3\r\ntwo\r\n0\r\n\r\n"


async def test_a_failure_before_the_body_is_a_500() -> None:
    """Nothing of the answer has been sent by then, whatever its head was to say."""

    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"5")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        raise RuntimeError("a bug")

    async with asyncio.timeout(5), serving(fail, http=HttpConnection) as port:
        assert await answer(port, HEAD + b"\r\n") == b"HTTP/1.1 500 Internal Server Error\r\n"


@pytest.mark.parametrize("body", [b"ther", b"there!"])
async def test_an_answer_of_another_length_than_it_says_breaks_off(body: bytes) -> None:
    """Its end would be taken for the beginning of the next."""

    async def lie(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"5")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async with (
        asyncio.timeout(5),
        serving(lie, http=HttpConnection) as port,
        connected(port) as (reader, writer),
    ):
        writer.write(HEAD + b"\r\n")
        assert not (await reader.read()).endswith(b"there!")


async def test_a_head_alone_is_answered_with_one(port: int) -> None:
    """And the next answer is where it is looked for."""
    async with asyncio.timeout(5), connected(port) as (reader, writer):
        writer.write(HEAD.replace(b"GET", b"HEAD") + b"\r\n")
        assert b"\r\ncontent-length: 5\r\n" in await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"\r\n")
        assert (await reader.readuntil(b"there")).startswith(OK)


@pytest.mark.parametrize("header", [(b"a", b"b\r\nc: d"), (b"a\r\nb", b"c")])
async def test_a_header_that_would_be_read_as_two_is_not_written(
    header: tuple[bytes, bytes],
) -> None:
    """Not the first time, nor once others are remembered."""

    async def split(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"0"), header]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body"})

    async with asyncio.timeout(5), serving(split, http=HttpConnection) as port:
        for _ in range(2):
            async with connected(port) as (reader, writer):
                writer.write(HEAD + b"\r\n")
                assert await reader.read() == b""
