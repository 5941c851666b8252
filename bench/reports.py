"""The figures, for people and for programs."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from rich.table import Table

from bench.contenders import LIMIT
from bench.speed import Figures, Measured, Options

CPU_INFO = Path("/proc/cpuinfo")


def tables(measured: Measured, options: Options) -> Iterator[Table]:
    """Lay out the figures of each kind of request, and the memory."""
    for workload in options.workloads:
        figures = measured.figures[workload.name]
        yield table_of(f"{workload.name}: {workload.about}", figures)
    yield memory_table(measured)
    yield summary(measured)


def table_of(title: str, figures: Mapping[str, Figures]) -> Table:
    """Lay out one kind of request: medians of the rounds."""
    table = Table(title=title, title_justify="left")
    table.add_column("server")
    for heading in ("CPU, ms", "x limit", "requests/s", "p50, ms", "p99, ms", "statements"):
        table.add_column(heading, justify="right")
    for name, each in figures.items():
        typical = each.typical
        table.add_row(
            name,
            f"{typical.cpu_ms:.3f}",
            f"{each.multiple(figures[LIMIT]):.2f}" if LIMIT in figures else "",
            f"{typical.requests_per_second:,.0f}",
            f"{typical.p50_ms:.2f}",
            f"{typical.p99_ms:.2f}",
            str(each.statements),
        )
    return table


def summary(measured: Measured) -> Table:
    """Lay out the CPU of all, as docs/performance.md does."""
    title = "CPU-ms per request, and how many times the limit's"
    table = Table("server", *measured.figures, title=title, title_justify="left")
    for name in measured.memory:
        cells = [shown(figures, name) for figures in measured.figures.values()]
        table.add_row(name, *cells)
    return table


def shown(figures: Mapping[str, Figures], name: str) -> str:
    """Write a figure as in `0.283 (2.9x)`."""
    cpu_ms = f"{figures[name].typical.cpu_ms:.3f}"
    if LIMIT not in figures or name == LIMIT:
        return cpu_ms
    return f"{cpu_ms} ({figures[name].multiple(figures[LIMIT]):.1f}x)"


def memory_table(measured: Measured) -> Table:
    """Lay out the memory of the servers."""
    table = Table(title="memory in the end, MB", title_justify="left")
    table.add_column("server")
    for heading in ("RSS", "PSS", "USS"):
        table.add_column(heading, justify="right")
    for name, each in measured.memory.items():
        table.add_row(name, f"{each.rss:.0f}", f"{each.pss:.0f}", f"{each.uss:.0f}")
    return table


def report(
    measured: Measured, options: Options, circumstances: Mapping[str, Any]
) -> dict[str, Any]:
    """Give all there is to know of a run, for JSON."""
    return {
        **circumstances,
        "sizes": asdict(options.sizes),
        "rounds": options.rounds,
        "seconds": options.seconds,
        "connections": options.connections,
        "workers": options.workers,
        "figures": {
            workload: {
                name: {
                    **asdict(each.typical),
                    "statements": each.statements,
                    "multiple": each.multiple(figures[LIMIT]) if LIMIT in figures else None,
                    "of_rounds": [asdict(driven) for driven in each.rounds],
                }
                for name, each in figures.items()
            }
            for workload, figures in measured.figures.items()
        },
        "memory": {name: asdict(each) for name, each in measured.memory.items()},
    }


def write(report: Mapping[str, Any], path: Path) -> None:
    """Write all figures of a run as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))


def circumstances(commit: str) -> dict[str, Any]:
    """Say what is measured, when, on what, and how much that has to do besides."""
    return {
        "commit": commit,
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "cpu": cpu_model(),
        "load": round(os.getloadavg()[0], 1),
    }


def cpu_model() -> str:
    """Name the processor."""
    for line in CPU_INFO.read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()
