"""The speed of servers beside each other, in rounds: each asked every kind of request in turns."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import count
from pathlib import Path
from statistics import median

from rich.console import Console

from bench.comparing import compare, statements, token_for
from bench.contenders import LIMIT, Contender, serving
from bench.errors import BenchFailed
from bench.limit.statements import COUNTS
from bench.logs import Log
from bench.servers import Cores, Memory, Server, all_cores, pin, split_cores
from bench.workloads import Workload
from bench.wrk import Drive, Driven, drive
from server import demo

COMPARED = 50
DRIVEN = [field.name for field in fields(Driven)]
WARM_UP_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is measured, and for how long."""

    url: str
    sizes: demo.Sizes
    workloads: Sequence[Workload]
    contenders: Sequence[Contender]
    rounds: int
    seconds: float
    connections: int
    workers: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What one server takes for one kind of request, in each round."""

    statements: int
    rounds: list[Driven]

    @property
    def typical(self) -> Driven:
        """The medians of all rounds."""
        return Driven(
            **{name: median(getattr(each, name) for each in self.rounds) for name in DRIVEN}
        )

    def multiple(self, limit: Figures) -> float:
        """Tell how many times the CPU of the limit it takes: the median of what each round says."""
        both = zip(self.rounds, limit.rounds, strict=True)
        return median(ours.cpu_ms / theirs.cpu_ms for ours, theirs in both)


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures, by workload and server, and the memory of each server in the end."""

    figures: Mapping[str, Mapping[str, Figures]]
    memory: Mapping[str, Memory]


def measure(options: Options, folder: Path, token: str, console: Console) -> Measured:
    """Compare the servers' answers, warm them up, and measure in rounds; raises `BenchFailed`."""
    with measuring(options, folder, token) as measurement:
        return measurement.run(console)


def soak(
    options: Options, folder: Path, token: str, requests: int
) -> Generator[tuple[int, dict[str, Memory]]]:
    """Ask the servers again and again, and tell each time how much memory they take.

    Yields how many requests each has answered by then, until there are enough.
    """
    with measuring(options, folder, token) as measurement:
        yield from measurement.soak(requests)


@contextmanager
def measuring(options: Options, folder: Path, token: str) -> Generator[Measurement]:
    """Serve on cores of their own for as long as a block measures; raises `BenchFailed`."""
    client, server_cores = cores_for(options.workers)
    pin(os.getpid(), client)  # and wrk, which inherits it
    with serving(
        options.contenders, options.url, workers=options.workers, cores=server_cores, folder=folder
    ) as servers:
        yield Measurement(options, folder, token, servers)


class Measurement:
    """One run over servers that are up."""

    def __init__(
        self, options: Options, folder: Path, token: str, servers: Mapping[str, Server]
    ) -> None:
        self._options = options
        self._folder = folder
        self._token = token
        self._servers = servers
        self._numbers = count(1)
        self._logs: list[Log] = []

    def run(self, console: Console) -> Measured:
        """Do it all, and say what is being done."""
        figures = {each.name: self._prepare(each) for each in self._options.workloads}
        console.print(f"{COMPARED} answers of each kind are the same from all servers.")
        self._logs = [Log(each) for each in self._servers.values()]
        self._ask_all(WARM_UP_SECONDS)
        for number in range(self._options.rounds):
            for workload, name, driven in self._ask_all(self._options.seconds):
                figures[workload][name].rounds.append(driven)
            console.print(f"Round {number + 1} of {self._options.rounds}.")
        memory = {name: server.memory() for name, server in self._servers.items()}
        return Measured(figures, memory)

    def soak(self, requests: int) -> Generator[tuple[int, dict[str, Memory]]]:
        """Ask until there are enough answers; see the function."""
        for workload in self._options.workloads:
            self._prepare(workload)
        self._logs = [Log(each) for each in self._servers.values()]
        answered = 0
        while answered < requests:
            driven = self._ask_all(self._options.seconds)
            answered += sum(each.requests for *_, each in driven) // len(self._servers)
            yield answered, {name: server.memory() for name, server in self._servers.items()}

    def _prepare(self, workload: Workload) -> dict[str, Figures]:
        """Write the requests down, compare some answers, and count statements."""
        bodies = workload.requests(self._options.sizes)
        self._path(workload).write_bytes(b"\n".join(bodies) + b"\n")
        compare(workload, bodies[:COMPARED], self._servers, self._token)
        figures = {}
        for number, (name, server) in enumerate(self._servers.items()):
            if name == LIMIT:
                counted = COUNTS[workload.name]
            else:
                counted = statements(workload, bodies[0], server, number, self._token)
            figures[name] = Figures(counted, [])
        return figures

    def _ask_all(self, seconds: float) -> list[tuple[str, str, Driven]]:
        """Ask each server each kind of request in turns, and see that nothing went wrong."""
        driven = [
            (workload.name, name, self._drive(workload, server, seconds))
            for workload in self._options.workloads
            for name, server in self._servers.items()
        ]
        for log in self._logs:
            log.check()
        return driven

    def _drive(self, workload: Workload, server: Server, seconds: float) -> Driven:
        wanted = Drive(
            bodies=self._path(workload),
            seconds=seconds,
            connections=self._options.connections,
            number=next(self._numbers),
            token=token_for(workload, self._token),
        )
        return drive(server, wanted)

    def _path(self, workload: Workload) -> Path:
        return self._folder / f"{workload.name}.bodies"


def cores_for(workers: int) -> tuple[Cores, Cores]:
    """Choose a core for wrk, and another for a server of one worker; raises `BenchFailed`.

    Several workers have all of them.
    """
    client, server = split_cores()
    if client == server and client:
        raise BenchFailed("The benchmark takes two cores: one for a server, and one for wrk.")
    return client, server if workers == 1 else all_cores()
