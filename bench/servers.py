"""Server processes on 127.0.0.1: started, stopped, and asked how much CPU they took."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE_SECONDS = 30
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class NotStarted(Exception):
    """A server did not come up; says what it printed."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return the CPU time that it has taken, in all its threads."""
        tasks = [*Path(f"/proc/{self.pid}/task").iterdir()]
        if all((task / "schedstat").exists() for task in tasks):
            return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


@contextmanager
def running(
    arguments: Sequence[str], environment: Mapping[str, str], *, core: int | None, log: Path
) -> Generator[Server]:
    """Run a Python module as a server, on a core of its own, until the block ends."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env={**os.environ, **environment, "HOST": HOST, "PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            pin(process.pid, core)
            wait_until_it_answers(process, port, log)
            pin_threads(process.pid, core)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def cores() -> tuple[int | None, int | None]:
    """Choose a core for the client and another for servers; None where none can be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    first, *others = sorted(os.sched_getaffinity(0))
    return first, others[-1] if others else first


def pin(pid: int, core: int | None) -> None:
    """Keep a process on a core."""
    if core is not None:
        os.sched_setaffinity(pid, {core})


def pin_threads(pid: int, core: int | None) -> None:
    """Keep threads there that a process has started by now."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        pin(int(task.name), core)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Knock until somebody opens; raises `NotStarted`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((HOST, port)):
            return
        time.sleep(0.05)
    raise NotStarted(log.read_text())
