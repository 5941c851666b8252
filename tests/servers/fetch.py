"""Servers of other Debian releases, unpacked with their libraries into `.servers/`.

Nothing is installed, no script of a package is run, and none of it takes root. Each program gets a
wrapper that runs it with the C library of its own release, so that the system's does not matter.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.servers.binaries import FETCHED, MissingServer, version_of

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
FOR_SCRIPTS = ("adduser", "debconf", "dpkg", "init-system-helpers", "libperl", "passwd", "perl")
WRAPPER = """#!/bin/sh
# Written by tests/servers/fetch.py.
usr=$(cd "$(dirname "$0")/.." && pwd)/root/usr
program=$usr/{program}
exec "$usr/{loader}" --library-path "$usr/{libraries}" --argv0 "$program" "$program" "$@"{options}
"""
APT_CONFIG = """
Dir::Etc::SourceList "{folder}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "{folder}/state";
Dir::State::Status "/dev/null";
Dir::Cache "{folder}/cache";
APT::Install-Recommends "false";
APT::Sandbox::User "{user}";
Acquire::Languages "none";
"""


@dataclass(frozen=True, slots=True)
class Package:
    """Programs of a Debian package, and the options that tell them where its other files are."""

    name: str
    suite: str
    programs: tuple[str, ...]
    options: str = ""

    @property
    def wrapper(self) -> Path:
        """The first program's."""
        return FETCHED / self.folder / "bin" / Path(self.programs[0]).name

    @property
    def folder(self) -> str:
        return self.name.partition("-")[0]


PACKAGES = (
    Package(
        "mysql-server-core",
        suite="sid",  # the only one that has MySQL; it moves, and so may be broken
        programs=("sbin/mysqld",),
        options=' \\\n  --basedir="$usr" --plugin-dir="$usr/lib/mysql/plugin"'
        ' --lc-messages-dir="$usr/share/mysql" --secure-file-priv=',
    ),
    Package("pgbouncer", suite="trixie", programs=("sbin/pgbouncer",)),
    Package("prometheus", suite="trixie", programs=("bin/prometheus", "bin/promtool")),
)


def fetch_all() -> list[MissingServer]:
    """Fetch what is not there yet; an error for each that can't be had."""
    missing = []
    for package in PACKAGES:
        try:
            if not package.wrapper.exists():
                fetch(package)
            print(f"{package.wrapper}: {version_of(package.wrapper)}")
        except (MissingServer, OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", None) or error
            sentence = f"{package.name} of Debian {package.suite} can't be had: {said}"
            missing.append(MissingServer(sentence, optional=True))
    return missing


def fetch(package: Package) -> None:
    """Unpack a package and its libraries; all of it, or nothing."""
    FETCHED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FETCHED) as name:
        archives, tree = Path(name, "apt"), Path(name, "tree")
        tree.mkdir()
        download(package, archives)
        for archive in sorted(archives.glob("*.deb")):
            run("dpkg-deb", "--extract", archive, tree / "root")
        write_wrappers(package, tree)
        tree.rename(FETCHED / package.folder)


def download(package: Package, folder: Path) -> None:
    """Have apt find out what the package needs on an empty system, and download that."""
    for each in ("state/lists/partial", "cache/archives/partial"):
        (folder / each).mkdir(parents=True)
    source = f"deb [signed-by={KEYRING}] {debian_mirror()} {package.suite} main\n"
    (folder / "sources.list").write_text(source)
    config = folder / "apt.conf"
    config.write_text(APT_CONFIG.format(folder=folder, user=getpass.getuser()))

    run("apt-get", "--quiet=2", "update", apt_config=config)
    plan = run("apt-get", "--simulate", "install", package.name, apt_config=config)
    steps = [line.split() for line in plan.splitlines()]
    needed = [step[1] for step in steps if step[:1] == ["Inst"]]
    wanted = [each for each in needed if not each.startswith(FOR_SCRIPTS)]
    run("apt-get", "--quiet=2", "download", *wanted, apt_config=config, cwd=folder)


def debian_mirror() -> str:
    """Where this system gets Debian from; raises `MissingServer` if it is another one."""
    if not shutil.which("apt-get"):
        raise MissingServer("this is not Debian.", optional=True)
    indexes = run("apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)")
    for line in indexes.splitlines():
        origin, _, rest = line.partition(" ")
        if origin == "Debian" and rest.startswith("Debian "):
            return rest.removeprefix("Debian ").strip()
    raise MissingServer("apt has no lists of Debian; `apt-get update` gets them.", optional=True)


def write_wrappers(package: Package, tree: Path) -> None:
    """Have its programs run with the libraries beside them."""
    usr = tree / "root/usr"
    [loader] = usr.glob("lib*/ld-linux-*.so.*")
    [libraries] = usr.glob("lib/*-linux-gnu")
    (tree / "bin").mkdir()
    for program in package.programs:
        wrapper = tree / "bin" / Path(program).name
        wrapper.write_text(
            WRAPPER.format(
                program=program,
                loader=loader.relative_to(usr),
                libraries=libraries.relative_to(usr),
                options=package.options,
            )
        )
        wrapper.chmod(0o755)


def run(*command: str | Path, apt_config: Path | None = None, cwd: Path | None = None) -> str:
    """Run a program to its end, and return what it wrote."""
    environment = {**os.environ, "LC_ALL": "C"}
    if apt_config:
        environment["APT_CONFIG"] = str(apt_config)
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment, cwd=cwd
    )
    return done.stdout
