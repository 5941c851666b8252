"""`python -m tests.servers fetch` unpacks servers, and `run -- COMMAND` runs a command on them."""

from __future__ import annotations

import asyncio
import os
import sys

from tests.servers.fetch import fetch_all
from tests.servers.lanes import complain, run_on_all


def main(arguments: list[str]) -> int:
    match arguments:
        case ["fetch"]:
            missing = fetch_all()
            complain(missing)
            return int(any(error.is_required() for error in missing))
        case ["run", "--", *command] if command:
            return asyncio.run(run_on_all(command))
        case _:
            print(__doc__, file=sys.stderr)
            return os.EX_USAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
