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
BUILD_SECONDS = 900  # that a build may take on a machine that does other things, too
PULL_SECONDS = 120  # that a registry may take
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class Engine:
    """Docker, or what takes its arguments; each method raises `EngineFailed`."""

    def __init__(self, program: str) -> None:
        self.program = program

    def build(self, tag: str, base: str, *options: str) -> None:
        """Build the image of this checkout on another."""
        self.run("build", f"--tag={tag}", f"--build-arg=BASE={base}", *options, str(ROOT))

    def has(self, image: str) -> bool:
        """Tell whether an image is there."""
        return self._succeeds("image", "inspect", image)

    def pulls(self, image: str) -> bool:
        """Fetch an image, and tell whether a registry had it."""
        return self._succeeds("pull", "--quiet", image, seconds=PULL_SECONDS)

    def answers(self) -> bool:
        """Tell whether it is installed, and ready to do something."""
        return shutil.which(self.program) is not None and self._succeeds("info")

    def in_container(self, image: str, *command: str, options: Iterable[str] = HARDENED) -> str:
        """Run a command in a new container, and return what it said."""
        entrypoint, *rest = command
        return self.run("run", "--rm", *options, f"--entrypoint={entrypoint}", image, *rest)

    def remove(self, container: str) -> None:
        """Remove a container, however it is."""
        self.run("rm", "--force", container)

    def run(self, *arguments: str, seconds: float = BUILD_SECONDS) -> str:
        """Run a command of the engine to its end, and return what it said."""
        command = [self.program, *arguments]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, timeout=seconds
            )
        except subprocess.CalledProcessError as error:
            raise EngineFailed(error.stderr or error.stdout, error.returncode) from error
        except subprocess.TimeoutExpired as error:
            raise EngineFailed(str(error)) from error
        return done.stdout

    def _succeeds(self, *arguments: str, seconds: float = BUILD_SECONDS) -> bool:
        try:
            self.run(*arguments, seconds=seconds)
        except EngineFailed:
            return False
        return True


class Podman(Engine):
    """Podman, which needs neither a daemon nor, for a build, many rights."""

    def build(self, tag: str, base: str, *options: str) -> None:
        """Build it with the certificates of this machine, whose network may have its own."""
        own = ("--isolation=chroot", "--format=docker", "--jobs=2")
        with options_for_certificates() as certificates:
            super().build(tag, base, *own, *certificates, *options)


class EngineFailed(Exception):
    """What the engine was told to do came to nothing; the last that it said, and its exit code."""

    def __init__(self, said: str, code: int | None = None) -> None:
        super().__init__(said[-2_000:])
        self.code = code


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
        if engine.answers():
            return engine
    raise missing("it takes Docker or Podman, and neither answers.")


def missing(reason: str) -> MissingServer:
    """Say loudly that the image is not tested, and why."""
    return MissingServer(f"NOT TESTED: the image, for {reason}", optional=True)
