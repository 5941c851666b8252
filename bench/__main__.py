"""`python -m bench`: print all tables."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bench import hostile, typename
from bench.inkwell import inkwell
from bench.servers import cores, pin


def main() -> None:
    """Measure a server with a database of its own, and leave nothing behind."""
    if not Path("/proc/self/stat").exists():
        sys.exit("The CPU time of a process is read from /proc, which this system does not have.")
    console = Console(width=120)
    client_core, server_core = cores()
    pin(os.getpid(), client_core)
    with TemporaryDirectory() as name, inkwell(Path(name), core=server_core) as server:
        console.print(hostile.measure(server))
        console.print(typename.measure(server, Path(name), core=server_core))


main()
