"""A server's process: on a free port of loopback, in a folder of its own, without any rights."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import signal
import subprocess
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Self

from tests.servers.system import (
    ENVIRONMENT,
    free_port,
    give_to_nobody,
    send_signal,
    unprivileged,
)

START_SECONDS = 60
STOP_SECONDS = 30


class ServerProcess(ABC):
    """A server that runs within an `async with`, and can meanwhile be made to fail.

    Nothing here belongs to an event loop: a fixture of a session may start it for all tests.
    """

    STOP = signal.SIGTERM
    DISCARD = signal.SIGKILL

    def __init__(self, *options: str) -> None:
        """Choose a port and a folder; the options are the server's own, as on its command line."""
        self.options = options
        self.port = free_port()
        self.directory = Path(tempfile.gettempdir()) / f"inkwell-{secrets.token_hex(6)}"
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        try:
            self.directory.mkdir(mode=0o700)
            give_to_nobody(self.directory)
            await self._prepare()
            await self.start()
            await self._welcome()
        except BaseException:
            self.discard()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self.discard()

    async def start(self) -> None:
        """Start the process, and wait until it answers; raises `RuntimeError` with its log."""
        self._process = self._spawn()
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await self._answers():
                    if self._process.poll() is not None:
                        raise RuntimeError(f"{self} ended at once:\n{self.log()}")
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise RuntimeError(f"{self} did not answer in time:\n{self.log()}") from None

    async def stop(self) -> None:
        """End the process as its operator would, and wait until it has gone."""
        await self._end(self.STOP)

    async def kill(self) -> None:
        """End the process, and those it has started, as a crash would."""
        self.freeze()  # so that none starts another meanwhile
        for pid in self._children():
            send_signal(pid, signal.SIGKILL)
        await self._end(signal.SIGKILL)

    async def restart(self) -> None:
        """Stop, and start again."""
        await self.stop()
        await self.start()

    def freeze(self) -> None:
        """Have it answer nothing and keep its connections, as behind a network that fails."""
        send_signal(self.pid, signal.SIGSTOP)
        for pid in self._children():
            send_signal(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        for pid in [*self._children(), self.pid]:
            send_signal(pid, signal.SIGCONT)

    def discard(self) -> None:
        """End it for good, and delete its folder; cancellation does not come between."""
        if self._process and self._process.poll() is None:
            self.thaw()
            send_signal(self.pid, self.DISCARD)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The number of the running process; raises `RuntimeError` if none runs."""
        if not self._process or self._process.poll() is not None:
            raise RuntimeError(f"{self} does not run.")
        return self._process.pid

    def log(self) -> str:
        """The last lines that the server wrote."""
        lines = self._log_file.read_text(errors="replace").splitlines()
        return "\n".join(lines[-20:])

    def __str__(self) -> str:
        return f"{type(self).__name__} on port {self.port}"

    @abstractmethod
    def _command(self) -> list[str]:
        """What to run, in the foreground."""

    @abstractmethod
    async def _answers(self) -> bool:
        """Ask whether it is ready."""

    @abstractmethod
    async def _prepare(self) -> None:
        """Make what the server needs before it is started for the first time."""

    @abstractmethod
    async def _welcome(self) -> None:
        """Make what clients need, once it runs."""

    async def _run(self, *command: str | Path) -> None:
        """Run a program to its end; raises `RuntimeError` with what it said."""
        done = await asyncio.to_thread(
            subprocess.run,
            unprivileged(*command),
            cwd=self.directory,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=START_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stdout + done.stderr).decode(errors="replace")
            raise RuntimeError(f"{command[0]} failed: {said}")

    @property
    def _environment(self) -> dict[str, str]:
        """Temporary files are its own: MySQL's family deletes those of others when it starts."""
        return {**ENVIRONMENT, "TMPDIR": str(self.directory)}

    @property
    def _log_file(self) -> Path:
        return self.directory / "server.log"

    def _spawn(self) -> subprocess.Popen[bytes]:
        """Start the process in this thread, since it dies with the thread that started it."""
        with self._log_file.open("ab") as log:
            return subprocess.Popen(
                unprivileged(*self._command()),
                cwd=self.directory,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # out of reach of Ctrl-C, which is for the tests
            )

    async def _end(self, how: signal.Signals) -> None:
        process, pid = self._process, self.pid
        send_signal(pid, how)
        if process:
            await asyncio.to_thread(process.wait, STOP_SECONDS)

    def _children(self) -> list[int]:
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in listed.read_text().split()]
