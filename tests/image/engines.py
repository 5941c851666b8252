"""Docker or Podman, whichever is there: it builds the image, and runs it as production should."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from tests.server.processes import ROOT
from tests.servers import MissingServer

LIMITS = ("--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096")  # any machine allows them
ALONE = (*LIMITS, "--network=none")
HARDENED = (
    *LIMITS,
    "--network=host",  # the databases of the tests are there
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--no-healthcheck",  # a test asks by itself
)
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class Engine:
    """Docker, or what takes its arguments; each method raises `EngineFailed`."""

    def __init__(self, program: str) -> None:
        self.program = program

    def build(self, tag: str, arguments: dict[str, str]) -> None:
        """Build the image of this checkout."""
        self._build(tag, arguments)

    def _build(self, tag: str, arguments: dict[str, str], *options: str) -> None:
        given = [f"--build-arg={name}={value}" for name, value in arguments.items()]
        self.run("build", f"--tag={tag}", *given, *options, str(ROOT))

    def has(self, image: str) -> bool:
        """Tell whether an image is there, or can be fetched."""
        for look in (["image", "inspect", image], ["pull", "--quiet", image]):
            try:
                self.run(*look)
            except EngineFailed:
                continue
            return True
        return False

    def in_container(self, image: str, *command: str, options: Iterable[str] = HARDENED) -> str:
        """Run a command in a new container, and return what it said."""
        entrypoint, *rest = command
        return self.run("run", "--rm", *options, f"--entrypoint={entrypoint}", image, *rest)

    def remove(self, container: str) -> None:
        """Remove a container, however it is."""
        self.run("rm", "--force", container)

    def run(self, *arguments: str) -> str:
        """Run a command of the engine to its end, and return what it said."""
        command = [self.program, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise EngineFailed(done)
        return done.stdout


class Podman(Engine):
    """Podman, which needs neither a daemon nor, for a build, many rights."""

    def build(self, tag: str, arguments: dict[str, str]) -> None:
        """Build it with the certificates of this machine, whose network may have its own."""
        with options_for_certificates() as options:
            self._build(
                tag, arguments, "--isolation=chroot", "--format=docker", "--jobs=2", *options
            )


class EngineFailed(Exception):
    """What the engine was told to do came to nothing."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        super().__init__(f"{' '.join(done.args[:2])}: {(done.stderr or done.stdout)[-2_000:]}")
        self.code = done.returncode


@contextmanager
def options_for_certificates() -> Generator[list[str]]:
    """Have pip and npm of a build trust what this machine trusts, with no trace in the image."""
    if not CERTIFICATES.exists():
        yield []
        return
    with tempfile.NamedTemporaryFile("w", suffix=".npmrc") as npmrc:
        npmrc.write(f"cafile={CERTIFICATES}\n")
        npmrc.flush()
        mounts = {str(CERTIFICATES): str(CERTIFICATES), npmrc.name: "/root/.npmrc"}
        yield [f"--volume={here}:{there}:ro" for here, there in mounts.items()]


def find_engine() -> Engine:
    """The engine that answers; raises `MissingServer`."""
    for engine in (Engine("docker"), Podman("podman")):
        if shutil.which(engine.program):
            try:
                engine.run("info")
            except EngineFailed:
                continue
            return engine
    raise missing("it takes Docker or Podman, and neither answers.")


def missing(reason: str) -> MissingServer:
    """Say loudly that the image is not tested, and why."""
    return MissingServer(f"NOT TESTED: the image, for {reason}", optional=True)
