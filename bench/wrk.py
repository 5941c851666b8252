"""Load from wrk, and what it says of the answers."""

from __future__ import annotations

import math
import shutil
import signal
import subprocess
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import IO, cast

import orjson

from bench.errors import BenchFailed
from bench.servers import HOST, Server

SCRIPT = Path(__file__).with_name("drive.lua")
PATIENCE_SECONDS = 20
IDLE = "idle\n"


@dataclass(frozen=True, slots=True)
class Drive:
    """Requests over some connections at once, each after the last answer, for some seconds."""

    bodies: Path
    seconds: float
    connections: int
    number: int
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Driven:
    """What came of a drive; latencies are what the client saw, with all connections busy."""

    requests: int
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


def check_wrk() -> None:
    """Make sure that wrk is there; raises `BenchFailed`."""
    if shutil.which("wrk") is None:
        raise BenchFailed("The benchmark takes wrk: `apt install wrk`, or `brew install wrk`.")


def drive(server: Server, wanted: Drive) -> Driven:
    """Ask a server; raises `BenchFailed` if it does not answer each request with a 200."""
    cpu_before = server.cpu_seconds()
    with subprocess.Popen(command(server, wanted), stdout=subprocess.PIPE, text=True) as wrk:
        output = cast("IO[str]", wrk.stdout)
        printed = [*takewhile(lambda line: line != IDLE, output)]
        cpu_seconds = server.cpu_seconds() - cpu_before
        wrk.send_signal(signal.SIGINT)  # it would go on to the end of its duration
        printed += output.readlines()
    server.check()
    return judged("".join(printed), cpu_seconds)


def command(server: Server, wanted: Drive) -> list[str]:
    """Write the command of a drive."""
    return [
        "wrk",
        "--threads=1",
        f"--connections={wanted.connections}",
        f"--duration={math.ceil(wanted.seconds) + PATIENCE_SECONDS}s",
        f"--timeout={PATIENCE_SECONDS}s",
        f"--script={SCRIPT}",
        f"http://{HOST}:{server.port}/graphql",
        "--",
        str(wanted.bodies),
        str(wanted.seconds),
        str(wanted.connections),
        f"{wanted.number:06d}",
        *([wanted.token] if wanted.token else []),
    ]


def judged(printed: str, cpu_seconds: float) -> Driven:
    """Read what wrk printed; raises `BenchFailed` if an answer is missing or no 200."""
    try:
        told = orjson.loads(printed.splitlines()[-1])
        complete = told["sent"] == told["answered"] and not told["failed"] + told["refused"]
    except (IndexError, ValueError):
        complete = False
    if not complete or not told["answered"]:
        raise BenchFailed(f"Not every request was answered with a 200.\n{printed}")
    return Driven(
        requests=told["answered"],
        requests_per_second=told["answered"] / told["seconds"],
        p50_ms=told["p50_ms"],
        p99_ms=told["p99_ms"],
        cpu_ms=1_000 * cpu_seconds / told["answered"],
    )
