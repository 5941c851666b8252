"""MySQL and MariaDB."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path

from tests.servers import binaries
from tests.servers.database import DatabaseServer
from tests.servers.system import give_to_nobody

ADMIN = (
    "FLUSH PRIVILEGES",  # without which MariaDB makes no user while it is installed
    "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1'",
    "GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION",
)


class MySQLFamily(DatabaseServer):
    """What MySQL and MariaDB have in common."""

    DRIVER = "mysql+aiomysql"
    ADMIN = "root"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    async def _prepare(self) -> None:
        admin = self.directory / "admin.sql"
        admin.write_text("".join(f"{statement};\n" for statement in ADMIN))
        give_to_nobody(admin)
        await self._initialize(admin)

    @abstractmethod
    async def _initialize(self, script: Path) -> None:
        """Make an empty data folder, and run a script in it."""

    def _common_options(self) -> list[str]:
        return [
            f"--datadir={self.data}",
            "--bind-address=127.0.0.1",
            f"--port={self.port}",
            f"--socket={self.directory / 'socket'}",
            f"--pid-file={self.directory / 'pid'}",
            "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=2",  # the machine does not crash
            *self.options,
        ]

    async def _welcome(self) -> None:
        await self.sql(
            "CREATE USER 'inkwell'@'%' IDENTIFIED BY 'inkwell'",
            "GRANT ALL ON `inkwell%`.* TO 'inkwell'@'%'",
            "CREATE DATABASE inkwell",
        )


class MariaDB(MySQLFamily):
    """One MariaDB server: `async with MariaDB("--wait-timeout=2") as server:`."""

    def __init__(self, *options: str) -> None:
        """Raise `MissingServer` if MariaDB is not installed."""
        super().__init__(*options)
        self.programs = binaries.mariadb()

    async def _initialize(self, script: Path) -> None:
        await self._run(
            self.programs.install,
            "--no-defaults",
            *("--auth-root-authentication-method=normal", "--skip-test-db"),
            *(f"--datadir={self.data}", f"--extra-file={script}"),
        )

    def _command(self) -> list[str]:
        return [
            str(self.programs.server),
            "--no-defaults",
            "--character-set-server=utf8mb4",  # the default of MySQL, and of newer ones
            *self._common_options(),
        ]


class MySQL(MySQLFamily):
    """One MySQL server, and not MariaDB: `async with MySQL("--wait-timeout=2") as server:`."""

    BINLOG = "--disable-log-bin"

    def __init__(self, *options: str) -> None:
        """Raise `MissingServer` if MySQL has not been fetched."""
        super().__init__(*options)
        self.program = binaries.mysql()

    async def _initialize(self, script: Path) -> None:
        await self._run(
            self.program,
            *("--no-defaults", "--initialize-insecure"),
            *(f"--datadir={self.data}", f"--init-file={script}"),
        )

    def _command(self) -> list[str]:
        return [
            str(self.program),
            "--no-defaults",
            "--mysqlx=OFF",
            self.BINLOG,
            *self._common_options(),
        ]
