"""Commands that are told to end, as those are that run in containers and in the background."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM
from time import monotonic

import pytest

from persistence import migrations

NOBODY = "postgresql+asyncpg://ada:plainly-fake@127.0.0.1:1/inkwell"
WAITING = (sys.executable, "-m", "server", "migrate", "--wait", "600")
IN_BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")  # as a shell begins `command &`
SECONDS = 60
INTERRUPTED, TERMINATED = 130, 143  # as a shell says it


@contextmanager
def begun(*before: str) -> Generator[subprocess.Popen[str]]:
    """Wait for a database that never comes, in a process that does not outlive a block."""
    with subprocess.Popen(  # noqa: S603 (our own)
        [*before, *WAITING],
        env={**os.environ, "DATABASE_URL": NOBODY, "PYTHONPATH": str(migrations.ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("before", [(), IN_BACKGROUND])
def test_a_command_that_waits_ends_when_it_is_told_to(before: Sequence[str]) -> None:
    """Also where Ctrl-C is for others."""
    with begun(*before) as process:
        assert process.stderr is not None
        waiting = process.stderr.readline()
        process.send_signal(SIGTERM)
        code = process.wait(SECONDS)

    assert waiting.startswith("Waiting for the database, up to 600 s: ")
    assert code == INTERRUPTED


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_command_that_has_hardly_begun_ends_as_well() -> None:
    """It listens before it has read its own code: process 1 would else not hear of a signal."""
    with begun() as process:
        ends_at = monotonic() + SECONDS
        while not listens(process.pid):
            assert monotonic() < ends_at
            time.sleep(0.002)
        process.send_signal(SIGTERM)
        code = process.wait(SECONDS)
        said = process.stderr.read() if process.stderr else ""

    assert code in {TERMINATED, INTERRUPTED}  # the latter if it went on meanwhile
    assert "Traceback" not in said


def listens(pid: int) -> bool:
    """Tell whether a process has a handler for SIGTERM."""
    status = Path(f"/proc/{pid}/status").read_text()
    [caught] = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")]
    return bool(int(caught, 16) & 1 << (SIGTERM - 1))
