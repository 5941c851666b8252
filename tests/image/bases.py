"""The image that ours is built on: Python's own, or a stand-in where no registry answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.image.engines import Engine, missing
from tests.servers.fetch import debian_mirror

OFFICIAL = "docker.io/library/python:3.13-slim"
STAND_IN = "localhost/inkwell-stand-in-for-python:3.13-slim"
PACKAGES = ("python3.13", "python3.13-venv", "ca-certificates", "netbase", "tzdata")
SUITE = "trixie"  # which the official image is of
NOT_IN_SLIM = ("usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale")
DOWNLOADED = ("var/cache/apt", "var/lib/apt/lists")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def find_base(engine: Engine) -> str:
    """The official image if it can be had, and else a stand-in; raises `MissingServer`."""
    if engine.has(OFFICIAL) or engine.pulls(OFFICIAL):
        return OFFICIAL
    print(
        f"\n{OFFICIAL} CAN'T BE PULLED: the image is built on A STAND-IN, Debian's packages of the "
        "same Python. What is said of it holds for the official one but for the size."
    )
    if not engine.has(STAND_IN):
        make_stand_in(engine)
    return STAND_IN


def make_stand_in(engine: Engine) -> None:
    """Have debootstrap install the packages; raises `MissingServer`."""
    if not shutil.which("debootstrap") or os.geteuid() != 0:
        raise missing("no registry answers, and a stand-in for Python's takes debootstrap as root.")
    with tempfile.TemporaryDirectory(prefix="inkwell-base-") as directory:
        root, archive = Path(directory, "root"), Path(directory, "root.tar")
        include = f"--include={','.join(PACKAGES)}"
        install = ["debootstrap", "--variant=minbase", include, SUITE, str(root), debian_mirror()]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode:
            raise missing(f"debootstrap failed: {(done.stderr or done.stdout)[-500:]}")
        make_slim(root)
        subprocess.run(["tar", "-C", root, "-cf", archive, "."], check=True)  # noqa: S607 (any tar)
        engine.run("import", f"--change=ENV PATH={PATH}", str(archive), STAND_IN)


def make_slim(root: Path) -> None:
    """Leave out what slim images do, and have `python` be where it is in Python's."""
    for each in (*NOT_IN_SLIM, *DOWNLOADED):
        shutil.rmtree(root / each)
    for each in ("var/cache/apt/archives/partial", "var/lib/apt/lists/partial"):
        (root / each).mkdir(parents=True)
    for cache in root.glob("usr/**/__pycache__"):
        shutil.rmtree(cache)
    (root / "usr/local/bin/python").symlink_to("/usr/bin/python3.13")
