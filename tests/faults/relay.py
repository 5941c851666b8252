"""A relay before a server, which counts how often the client waits for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

CHUNK = 2**16


class Relay:
    """Passes on what both sides say; they take turns, and each turn of the client's counts."""

    def __init__(self) -> None:
        self.port = 0
        self.round_trips = 0
        self._is_answered = True

    async def pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_client: bool
    ) -> None:
        while chunk := await reader.read(CHUNK):
            self.round_trips += is_client and self._is_answered
            self._is_answered = not is_client
            writer.write(chunk)
        writer.close()
        with suppress(ConnectionError):  # whoever went first may have left no word
            await writer.wait_closed()


@asynccontextmanager
async def relay_to(host: str, port: int) -> AsyncGenerator[Relay]:
    """Listen on a free port, for one client at a time; those it has had are gone in the end."""
    relay = Relay()
    meetings = set[asyncio.Task[None] | None]()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        meetings.add(asyncio.current_task())
        from_server, to_server = await asyncio.open_connection(host, port)
        await asyncio.gather(
            relay.pass_on(reader, to_server, is_client=True),
            relay.pass_on(from_server, writer, is_client=False),
        )

    server = await asyncio.start_server(meet, "127.0.0.1")
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        await asyncio.gather(*filter(None, meetings), return_exceptions=True)
