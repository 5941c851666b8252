"""aiomysql, made to fit: fewer round trips, and a connect that ends in time."""

from __future__ import annotations

import asyncio
from ssl import SSLError
from typing import Any

import aiomysql
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.mysql.aiomysql import MySQLDialect_aiomysql
from sqlalchemy.engine.interfaces import DBAPIConnection, IsolationLevel

from persistence.options import EngineOptions

DRIVER = "mysql+inkwell"
HAS_TLS = 2_048  # CLIENT_SSL among what a server says that it can
TLS_FAILED = 2_026  # CR_SSL_CONNECTION_ERROR, as other clients tell it

registry.register("mysql.inkwell", __name__, "Dialect")


class Dialect(MySQLDialect_aiomysql):
    """SQLAlchemy's dialect for aiomysql, on connections that are always in autocommit.

    BEGIN suspends that on MySQL, up to COMMIT. SQLAlchemy would switch it off and on again, and
    set the isolation level, in four statements for each transaction; `set_up` says it once.
    """

    supports_statement_cache = True

    def set_isolation_level(self, dbapi_connection: DBAPIConnection, level: IsolationLevel) -> None:
        pass

    def do_close(self, dbapi_connection: DBAPIConnection) -> None:
        """Say goodbye, but close a connection also if nobody hears it, as aiomysql does not."""
        self.do_terminate(dbapi_connection)

    def detect_autocommit_setting(self, dbapi_conn: DBAPIConnection) -> bool:
        """Tell, by what the server said last, whether there is nothing to roll back."""
        return not self.get_driver_connection(dbapi_conn).get_transaction_status()


class Connection(aiomysql.Connection):  # type: ignore[misc] # which is untyped
    """A connection that sends no password in the clear where TLS was asked for."""

    async def _request_authentication(self) -> None:
        if self._ssl_context and not self.server_capabilities & HAS_TLS:
            raise aiomysql.OperationalError(TLS_FAILED, "The server has no TLS")
        await super()._request_authentication()

    def abort(self) -> None:
        """Close it at once: over TLS, `close` waits for a server to say goodbye as well."""
        if self._writer:
            self._writer.transport.abort()
        self.close()


def set_up(options: EngineOptions) -> str:
    """Write the statement that begins a session, on MySQL and on MariaDB.

    What is for one of them is a comment to the other. MySQL's limit is for what reads only.
    """
    mysql = "transaction_isolation = 'READ-COMMITTED'"
    mariadb = "tx_isolation = 'READ-COMMITTED'"
    if options.statement_timeout_seconds is not None:
        mysql += f", max_execution_time = {options.statement_timeout_seconds * 1_000:.0f}"
        mariadb += f", max_statement_time = {options.statement_timeout_seconds:g}"
    if options.lock_timeout_seconds is not None:  # in whole seconds
        locks = f", innodb_lock_wait_timeout = {max(1, int(options.lock_timeout_seconds))}"
        mysql, mariadb = mysql + locks, mariadb + locks
    return f"SET SESSION /*!80000 {mysql} */ /*M!100000 {mariadb} */"


async def connect(*, within_seconds: float, **arguments: Any) -> aiomysql.Connection:
    """Connect, or raise `TimeoutError`: aiomysql would wait for ever for a server to shake hands.

    Leaves no socket behind, whoever cancels it.
    """
    connection = Connection(**arguments)
    try:
        async with asyncio.timeout(within_seconds):
            await connection.ping()  # which connects first
    except BaseException as error:
        connection.abort()
        if isinstance(error.__cause__, SSLError):  # of which aiomysql says nothing
            raise aiomysql.OperationalError(TLS_FAILED, str(error.__cause__)) from error
        raise
    return connection
