"""What can be measured, as commands that print tables."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Protocol, TypeVar

import typer
from rich.console import Console

from bench import database, history, hostile, reports, typename
from bench.contenders import CONTENDERS
from bench.dataset import FULL, SMALL
from bench.errors import BenchFailed
from bench.inkwell import Inkwell, inkwell
from bench.servers import Cores, check_accounting, one_at_a_time, pin, split_cores
from bench.speed import Options, measure, soak
from bench.workloads import WORKLOADS
from bench.wrk import check_wrk


class Named(Protocol):
    """Something with a name."""

    @property
    def name(self) -> str: ...


NamedT = TypeVar("NamedT", bound=Named)

DatabaseUrl = Annotated[
    str, typer.Option("--database", help="A PostgreSQL database of the benchmark's own.")
]
IsSmall = Annotated[bool, typer.Option("--small", help="Few rows, in a database beside the other.")]

BUSY = 0.5
RESULTS = Path(__file__).with_name("results")

commands = typer.Typer(
    help="Benchmarks of Inkwell, as a server process: in CPU, which is steadier than time.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(width=120)


@commands.command()
def speed(
    *,
    url: DatabaseUrl = database.DEFAULT_URL,
    rounds: Annotated[int, typer.Option(min=1, help="How often each server is asked.")] = 5,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long, each time.")] = 3.0,
    connections: Annotated[int, typer.Option(min=1, help="How many at once.")] = 8,
    only: Annotated[str, typer.Option(help="Workloads, with commas; all if empty.")] = "",
    servers: Annotated[str, typer.Option(help="Servers, with commas; all if empty.")] = "",
    workers: Annotated[int, typer.Option(min=1, help="Processes of each server.")] = 1,
    small: IsSmall = False,
    output: Annotated[
        Path | None, typer.Option("--json", help="Where to write all figures.")
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Add a line to the history, for a commit.")
    ] = False,
) -> None:
    """Measure five workloads: Inkwell, its other executor, and the limit of the machine."""
    with benchmark(), TemporaryDirectory() as folder:
        options = Options(
            url=f"{url}_small" if small else url,
            sizes=SMALL if small else FULL,
            workloads=chosen(WORKLOADS, only),
            contenders=chosen(CONTENDERS, servers),
            rounds=rounds,
            seconds=seconds,
            connections=connections,
            workers=workers,
        )
        check_wrk()
        circumstances = reports.circumstances(history.commit())
        if record:
            history.check_recordable(options, circumstances["commit"])
        if circumstances["load"] > BUSY:
            console.print(f"The machine is busy, with a load of {circumstances['load']}.")
        with one_at_a_time():
            asyncio.run(database.prepare(options.url, options.sizes, console))
            with database.writer(options.url) as token:
                measured = measure(options, Path(folder), token, console)
        for table in reports.tables(measured, options):
            console.print(table)
        report = reports.report(measured, options, circumstances)
        path = output or RESULTS / f"{report['commit']}.json"
        reports.write(report, path)
        console.print(f"All figures: {path}", soft_wrap=True)
        if record:
            history.record(report)


@commands.command(name="soak")
def measure_memory(
    *,
    url: DatabaseUrl = database.DEFAULT_URL,
    requests: Annotated[int, typer.Option(min=1, help="How many to answer.")] = 1_000_000,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long, of each kind.")] = 10.0,
    only: Annotated[str, typer.Option(help="Workloads, with commas.")] = "point,tiny",
    small: IsSmall = False,
) -> None:
    """Watch the memory of one worker that answers a million requests."""
    with benchmark(), TemporaryDirectory() as folder:
        options = Options(
            url=f"{url}_small" if small else url,
            sizes=SMALL if small else FULL,
            workloads=chosen(WORKLOADS, only),
            contenders=chosen(CONTENDERS, "inkwell"),
            rounds=1,
            seconds=seconds,
            connections=8,
            workers=1,
        )
        check_wrk()
        with one_at_a_time():
            asyncio.run(database.prepare(options.url, options.sizes, console))
            with database.writer(options.url) as token:
                for answered, memory in soak(options, Path(folder), token, requests):
                    console.print(f"{answered:>10,} answered, {memory['inkwell'].pss:.0f} MB")


@commands.command(name="hostile")
def measure_hostile() -> None:
    """Measure the worst requests, each of which should stay under 50 ms."""
    with benchmark(), demo_server() as (server, _, _):
        console.print(hostile.measure(server))


@commands.command()
def bare() -> None:
    """Measure { __typename } beside an app that only answers, by POST and GET, signed in or not."""
    with benchmark(), demo_server() as (server, folder, cores):
        console.print(typename.measure(server, folder, cores=cores))


def chosen(known: Sequence[NamedT], names: str) -> list[NamedT]:
    """Choose by names with commas between, or all; raises `BenchFailed`."""
    by_name = {each.name: each for each in known}
    wanted = names.split(",") if names else [*by_name]
    for name in wanted:
        if name not in by_name:
            raise BenchFailed(f"There is no {name}, but {', '.join(by_name)}.")
    return [by_name[name] for name in wanted]


@contextmanager
def demo_server() -> Generator[tuple[Inkwell, Path, Cores]]:
    """Serve a little on a core of its own, and leave nothing behind."""
    client_core, server_core = split_cores()
    pin(os.getpid(), client_core)
    with (
        one_at_a_time(),
        TemporaryDirectory() as name,
        inkwell(Path(name), cores=server_core) as server,
    ):
        yield server, Path(name), server_core


@contextmanager
def benchmark() -> Generator[None]:
    """Run a benchmark, and end with a message, and no traceback, if it can't go on."""
    try:
        check_accounting()
        yield
    except BenchFailed as failure:
        console.print(str(failure), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from failure
