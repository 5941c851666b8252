"""Ports, users and signals: what servers take from the operating system."""

from __future__ import annotations

import os
import pwd
import secrets
import signal
import socket
import stat
import sys
from contextlib import suppress
from pathlib import Path

from tests.servers.binaries import MissingServer

PORTS = range(20_000, 32_000)  # lower than those of clients, who would take a stopped server's
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def free_port() -> int:
    """A port that nobody listens on, and that no client will be given."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as candidate:
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def unprivileged(*command: str | Path) -> list[str]:
    """Have a command run by nobody if we are root, and not outlive us; raises `MissingServer`."""
    words = [str(word) for word in command]
    if sys.platform != "linux":
        return words
    prefix = ["setpriv", "--pdeathsig", "KILL"]
    if os.geteuid() == 0:
        check_reachable(Path(words[0]))
        nobody = pwd.getpwnam("nobody")
        prefix += [f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    return [*prefix, *words]


def check_reachable(program: Path) -> None:
    """Raise `MissingServer` if nobody may not enter where it is, such as root's home."""
    for folder in program.resolve().parents:
        if not folder.stat().st_mode & stat.S_IXOTH:
            raise MissingServer(f"{program} is in {folder}, which only root enters.", optional=True)


def give_to_nobody(path: Path) -> None:
    """Make a path theirs who will use it."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def send_signal(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it has ended by itself
        os.kill(pid, how)
