"""What stands before a body, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.responses import PlainTextResponse

from server.http import connections
from server.http.connections import MAX_HEAD_BYTES, BoundedHeads
from tests.server.sockets import serving

HEAD = b"GET / HTTP/1.1\r\nHost: inkwell\r\n"
BODY = b"POST / HTTP/1.1\r\nHost: inkwell\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000
CHUNK = 10_000


@pytest.fixture
async def port() -> AsyncGenerator[int]:
    """Where an app is served that answers everything."""
    async with serving(PlainTextResponse("there"), http=BoundedHeads) as port:
        yield port


async def answer(port: int, *parts: bytes) -> bytes:
    """Send parts one after the other, and read until the server hangs up or has answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await reader.readuntil(b"\r\n")
    except (ConnectionError, asyncio.IncompleteReadError):
        return b""
    finally:
        writer.transport.abort()


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
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + b"A: " + b"a" * MAX_HEAD_BYTES + b"\r\n\r\n")

    response = await reader.read()
    writer.close()

    assert response.startswith(b"HTTP/1.1 431 ")
    assert b'{"errors":[{"message":"The headers may have 65,536 bytes at most."' in response


async def test_a_head_within_bounds_is_served_however_it_comes(port: int) -> None:
    """And so is a large body behind it, and another request behind that."""
    head = HEAD + b"A: " + b"a" * (MAX_HEAD_BYTES - 1_000) + b"\r\n\r\n"

    whole, bit_by_bit = await answer(port, head), await answer(port, *in_chunks(head))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(BODY + BODY + HEAD + b"Connection: close\r\n\r\n")
    three = await reader.read()
    writer.close()

    assert whole == bit_by_bit == b"HTTP/1.1 200 OK\r\n"
    assert three.count(b"HTTP/1.1 200 OK\r\n") == 3


@pytest.mark.parametrize("size", [MAX_HEAD_BYTES, MAX_HEAD_BYTES + 1, 120_000, 200_000, 1_000_000])
async def test_a_body_is_no_head(port: int, size: int) -> None:
    """However much of it comes with the headers, in one read."""
    head = f"POST / HTTP/1.1\r\nHost: inkwell\r\nContent-Length: {size}\r\n\r\n"
    request = head.encode() + b"x" * size

    alone, behind_another = await answer(port, request), await answer(port, HEAD, b"\r\n", request)

    assert alone == behind_another == b"HTTP/1.1 200 OK\r\n"


async def test_what_is_no_request_is_400(port: int) -> None:
    """In GraphQL's shape, though nobody knows what it was."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x16\x03\x01\r\n\r\n")

    response = await reader.read()
    writer.close()

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
        assert await answer(port, HEAD + b"\r\n", HEAD) == b"HTTP/1.1 200 OK\r\n"
