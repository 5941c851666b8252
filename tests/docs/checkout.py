"""A folder like a clone of the project, in which the commands of pages run as they are written."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.docs.matching import match
from tests.docs.pages import ROOT, Block, Step
from tests.servers import MissingServer

NOT_FOUND = 127  # what a shell says of a command that it does not have
PATIENCE_SECONDS = 60
NAMED = re.compile(r"(?<=\()\d+(?=\))|(?<=KILL )\d+|(?<=QUERY )\d+")  # sessions, in statements
OURS = {".env", ".venv", ".git", "inkwell.db"}


class Checkout:
    """Runs the steps of pages, and compares what they print.

    The ports that the pages name stand for others, and so do the numbers of sessions in what has
    been printed before.
    """

    def __init__(self, folder: Path, noted: list[tuple[str, object]]) -> None:
        """Link the project into a folder; `noted` gets the commands, as properties of a test."""
        self.folder = folder
        self.ports: dict[int, int] = {}
        self.exact = False
        self._renamed: dict[str, str] = {}
        self._noted = noted
        for entry in ROOT.iterdir():
            if entry.name not in OURS:
                (folder / entry.name).symlink_to(entry)
        (folder / ".venv").symlink_to(sys.prefix)

    def configure(self, **settings: object) -> None:
        """Write the `.env` that an operator would."""
        lines = [f"{name.upper()}={value}\n" for name, value in settings.items()]
        (self.folder / ".env").write_text("".join(lines))

    async def run(self, block: Block) -> None:
        """Run the steps of a block, each of which has to print what the page says."""
        for step in block.steps:
            printed, code = await self._print(step)
            self._noted.append(("command", f"{block.page}: {step}"))
            print(f"\n$ {step}\n{printed}", end="")  # noqa: T201 (`pytest -s` shows the page as it is here)
            if not step.output:  # what shows one may show how a command fails
                assert code == 0, printed
            if step.output is not None:
                numbers = match(step.output, printed, exact=self.exact)
                assert numbers is not None, f"{step}\n{printed}\nand not\n{step.output}"
                self._renamed |= numbers

    async def _print(self, step: Step) -> tuple[str, int]:
        """Run a command to its end; raises `MissingServer` if it is not installed."""
        command = NAMED.sub(lambda found: self._renamed.get(found[0], found[0]), step.command)
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", with_ports(command, self.ports.items())),
            cwd=self.folder,
            env=self._environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            printed, _ = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if process.returncode == NOT_FOUND:
            raise MissingServer(
                f"{printed.decode().strip()}: "
                "`apt-get install postgresql-client mariadb-client sqlite3 curl`."
            )
        shown = with_ports(printed.decode(), ((ours, told) for told, ours in self.ports.items()))
        return shown, process.returncode or 0

    def _environment(self) -> dict[str, str]:
        """Nobody's settings, and a terminal that is wide enough."""
        programs = os.pathsep.join([f"{sys.prefix}/bin", os.environ.get("PATH", os.defpath)])
        return {"PATH": programs, "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "COLUMNS": "100"}


def with_ports(text: str, ports: Iterable[tuple[int, int]]) -> str:
    """The text with other ports."""
    for told, ours in ports:
        text = re.sub(rf"(?<=[:= ]){told}\b", str(ours), text)
    return text
