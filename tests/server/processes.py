"""The server as operators run it: a process, its workers, and what it says over the network."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.servers.system import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 40
END_SECONDS = 40
SERVE = (sys.executable, "-m", "server", "serve")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and whether the connection stays."""

    status: int
    body: dict[str, Any]
    is_last: bool


class Connection:
    """A connection that is kept, as load balancers keep theirs; none of its failures is hidden."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, port: int) -> Self:
        """Connect; raises `OSError`, as what is asked then does, or `EOFError`."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def get(self, path: str) -> Answer:
        return await self._ask(f"GET {path}", b"")

    async def query(self, document: str, **variables: Any) -> Answer:
        body = json.dumps({"query": document, "variables": variables}).encode()
        return await self._ask("POST /graphql", body)

    async def _ask(self, line: str, body: bytes) -> Answer:
        head = (
            f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answered = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answered.split(b"content-length:")[1].split(b"\r\n")[0])
        told = json.loads(await self._reader.readexactly(length))
        return Answer(int(answered.split()[1]), told, b"\r\nconnection: close\r\n" in answered)

    async def close(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):  # the server may have been quicker
            await self._writer.wait_closed()


@asynccontextmanager
async def connected(port: int) -> AsyncGenerator[Connection]:
    """Connect for as long as a block runs."""
    connection = await Connection.to(port)
    try:
        yield connection
    finally:
        await connection.close()


class Deployed:
    """A running `python -m server serve`."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, log: Path) -> None:
        self._process = process
        self._log = log
        self.port = port

    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text()

    async def ask(self, path: str) -> Answer | None:
        """Ask over a new connection; None if nobody answers."""
        try:
            async with connected(self.port) as connection:
                return await connection.get(path)
        except (OSError, EOFError):
            return None

    def tell(self, what: signal.Signals) -> None:
        """Send the process a signal, and not its workers."""
        self._process.send_signal(what)

    def interrupt(self) -> None:
        """Press Ctrl-C, which the terminal tells the workers as well."""
        os.killpg(self._process.pid, signal.SIGINT)

    def workers(self) -> set[int]:
        """The numbers of its processes that serve."""
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return {int(child) for child in children if is_worker(int(child))}

    async def until_started(self, workers: int) -> None:
        """Wait until all of its processes serve, and not only the one that has answered."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                if self.log().count("Application startup complete") == workers:
                    return
                await asyncio.sleep(0.02)

    async def until_workers_are(self, count: int, *, without: int | None = None) -> set[int]:
        """Wait until there are so many, and one is not among them."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                workers = self.workers()
                if len(workers - {without}) == len(workers) == count:
                    return workers
                await asyncio.sleep(0.02)

    async def exit_code(self) -> int:
        """Wait until it has ended."""
        async with asyncio.timeout(END_SECONDS):
            return await self._process.wait()

    async def until(self, path: str, status: int | None) -> Answer | None:
        """Ask again and again until the answer has a status, or until there is none."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                answer = await self.ask(path)
                if (answer and answer.status) == status:
                    return answer
                assert self._process.returncode is None, "it has ended"
                await asyncio.sleep(0.02)


def is_worker(pid: int) -> bool:
    with suppress(FileNotFoundError):  # it has ended
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


@asynccontextmanager
async def deployed(
    directory: Path, *, command: Sequence[str] = SERVE, readiness: int = 200, **settings: Any
) -> AsyncGenerator[Deployed]:
    """Serve as the settings say on a free port; it is ready, and its log is in the directory.

    Another command than the server's gets them in its environment just so.
    With another `readiness`, that is what it says to those who ask whether it is ready.
    """
    port = free_port()
    variables = {name.upper(): str(value) for name, value in settings.items()}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PORT": str(port), **variables}
    with (directory / "serve.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=directory,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        server = Deployed(process, port, directory / "serve.log")
        await server.until("/readyz", readiness)
        await server.until_started(settings.get("workers", 1))
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
