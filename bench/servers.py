"""Server processes on 127.0.0.1: started, stopped, and asked what they took."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import TypeAlias

from bench.errors import BenchFailed

HOST = "127.0.0.1"
PATIENCE_SECONDS = 30
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
LINES_SHOWN = 30
LOCK = Path(gettempdir(), "inkwell-bench.lock")

Cores: TypeAlias = frozenset[int]
"""Cores that a process is kept on; with none it is not."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of all processes: with what they share counted for each, in parts, and not."""

    rss: float
    pss: float
    uss: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def cpu_seconds(self) -> float:
        """Return the CPU time that it has taken, in all its processes and threads."""
        return sum(map(cpu_seconds, self.pids()))

    def memory(self) -> Memory:
        """Return the memory that it holds."""
        held = [memory_of(pid) for pid in self.pids()]
        return Memory(*(sum(column) for column in zip(*held, strict=True)))

    def pids(self) -> list[int]:
        """List the server's process and those that it started, down to the last."""
        found = [self.process.pid]
        for pid in found:  # which grows meanwhile
            for task in Path(f"/proc/{pid}/task").iterdir():
                found.extend(map(int, (task / "children").read_text().split()))
        return found

    def check(self) -> None:
        """Make sure that it is still there; raises `BenchFailed`, with the end of its log."""
        if self.process.poll() is not None:
            raise BenchFailed(f"A server died.\n{self.last_lines()}")

    def last_lines(self) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LINES_SHOWN:])


@contextmanager
def running(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    cores: Cores,
    log: Path,
    folder: Path | None = None,
) -> Generator[Server]:
    """Run a Python module as a server, on cores of its own, until the block ends."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env={**os.environ, **environment, "HOST": HOST, "PORT": str(port)},
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        server = Server(port, process, log)
        try:
            pin(process.pid, cores)
            wait_until_it_answers(server)
            for pid in server.pids():
                pin_threads(pid, cores)
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


@contextmanager
def one_at_a_time() -> Generator[None]:
    """Keep other benchmarks from this machine; raises `BenchFailed` if there is one already."""
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BenchFailed(
                "Another benchmark is running: they would disturb each other."
            ) from None
        yield


def check_accounting() -> None:
    """Make sure that processes can be asked what they took; raises `BenchFailed`."""
    if not Path("/proc/self/stat").exists():
        raise BenchFailed("The CPU time of a process is read from /proc, which is not here.")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has taken."""
    tasks = [*Path(f"/proc/{pid}/task").iterdir()]
    if all((task / "schedstat").exists() for task in tasks):
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def memory_of(pid: int) -> tuple[float, float, float]:
    """Return RSS, PSS and USS of a process, in megabytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return kilobytes["Rss"] / 1_024, kilobytes["Pss"] / 1_024, own / 1_024


def all_cores() -> Cores:
    """List the cores that there are for us; none where none can be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        return frozenset()
    return frozenset(os.sched_getaffinity(0))


def split_cores() -> tuple[Cores, Cores]:
    """Choose a core for the client and another for servers, if there are two."""
    cores = sorted(all_cores())
    return frozenset(cores[:1]), frozenset(cores[-1:])


def pin(pid: int, cores: Cores) -> None:
    """Keep a process on some cores."""
    if cores:
        os.sched_setaffinity(pid, cores)


def pin_threads(pid: int, cores: Cores) -> None:
    """Keep threads there that a process has started by now."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        pin(int(task.name), cores)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_until_it_answers(server: Server) -> None:
    """Knock until somebody opens; raises `BenchFailed`, with what the server printed."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((HOST, server.port)):
            return
        time.sleep(0.05)
    raise BenchFailed(f"A server did not start.\n{server.last_lines()}")
