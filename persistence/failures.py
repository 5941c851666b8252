"""What the errors of drivers mean, whichever database they come from."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from typing import Self

from aiomysql import MySQLError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

import domain

# SQLSTATEs are PostgreSQL's, numbers are those of MySQL and MariaDB.
MISSING_PARENT = {"23503", 1452}
LOST_RACE = {
    "40001",  # serialization failure; on a replica, a conflict with what it replays
    "40P01",  # deadlock
    "55P03",  # lock timeout
    1213,  # deadlock
    1205,  # lock wait timeout
    1180,  # a conflict at the COMMIT of a cluster, as Galera tells it
    3101,  # and as Group Replication does
}
LOST_CONNECTION = {
    "08000",  # connection exception
    "08003",  # connection does not exist
    "08006",  # connection failure
    "08007",  # of the transaction it is not known how it ended
    "40003",  # nor of the statement; distributed engines tell an uncertain COMMIT so
    "25006",  # the server only reads now: another has become the primary
    "57P01",  # an administrator ended it
    "57P02",  # the server crashed
    "57P03",  # the server is starting up or shutting down
    "57P05",  # it was idle for too long
    1053,  # the server is shutting down
    1290,  # the server only reads now
    1927,  # the connection was killed
    2006,  # the server has gone away
    2013,  # the connection was lost during the statement
    2014,  # what came back was not to the last statement
}
HUNG_UP = {"08003", "08006", "57P01", 1927, 2013}
MISSING_TABLE = {"42P01", 1146}
STOPPED = {
    "57014",  # statement timeout, or cancelled by an administrator
    1317,  # interrupted by an administrator
    1969,  # MariaDB's max_statement_time
    3024,  # MySQL's max_execution_time
}

MYSQL_KEY = re.compile(r"for key '(?:[^'.]+\.)?([^'.]+)'\W*$")
SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (\w+)\.(.+)")
PRIMARY_SQLITE_CODE = 0xFF  # the rest says more precisely what it was

OF_STORE = (domain.Busy, domain.OutcomeUnknown, domain.TookTooLong, domain.Unavailable)
"""What the database is to blame for; the domain's other errors are answers."""

log = logging.getLogger("inkwell.persistence")


class ConnectionLost(Exception):
    """A connection died, as the operating system says, or before it was made."""


class Unreachable(Exception):
    """No connection to a server can be made; the message says why not."""

    def __init__(self, reason: str, *, was_silent: bool = False) -> None:
        super().__init__(reason)
        self.was_silent = was_silent

    @classmethod
    def by(cls, error: Exception) -> Self:
        """Say that this error came of connecting."""
        return cls(first_line(error), was_silent=isinstance(error, TimeoutError))

    def again(self) -> Self:
        """Say so to somebody else."""
        return type(self)(str(self), was_silent=self.was_silent)


class DomainErrors:
    """Raises what the database can't do at the moment as the domain's, and logs the reason."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: object
    ) -> None:
        if not isinstance(error, Exception):
            return
        told = as_domain_error(error)
        if isinstance(told, OF_STORE):
            reason = error.__cause__ or error if told is error else error
            log.info("%s: %s", type(told).__name__, first_line(reason))
        if told is not None and told is not error:
            raise told from error


domain_errors = DomainErrors()


def as_domain_error(error: Exception) -> domain.DomainError | None:
    """Tell what a failure that is nobody's bug means to those who asked; None if it may be one."""
    if isinstance(error, domain.DomainError):
        return error
    if isinstance(error, PoolTimeout) or is_lost_race(error):
        return domain.Busy()
    if isinstance(error, Unreachable) or is_lost_connection(error):
        return domain.Unavailable()
    if is_stopped(error):
        return domain.TookTooLong()
    return None


def violated_unique(error: IntegrityError) -> str | None:
    """Name the unique constraint that a write broke; None if it broke another kind."""
    if isinstance(error.orig, sqlite3.Error):
        found = SQLITE_COLUMNS.search(str(error.orig))
        return found and f"uq_{found[1]}_{found[2].replace(f', {found[1]}.', '_')}"
    if found := MYSQL_KEY.search(str(error.orig)):
        return found[1]
    cause = error.orig.__cause__ if error.orig else None
    name: str | None = getattr(cause, "constraint_name", None)
    return name if name and name.startswith("uq_") else None


def is_missing_table(error: Exception) -> bool:
    """Tell whether a statement that is right names a table that there is not."""
    # SQLite has no code for it but the one of all that is wrong with a statement.
    return (
        not MISSING_TABLE.isdisjoint(_codes(error)) or _sqlite_code(error) == sqlite3.SQLITE_ERROR
    )


def is_missing_parent(error: IntegrityError) -> bool:
    """Tell whether a write names a row, by a foreign key, that there is not."""
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    return not MISSING_PARENT.isdisjoint(_codes(error))


def is_lost_race(error: BaseException) -> bool:
    """Tell whether a transaction was taken back for the sake of others, and may be run anew.

    That may be told by what went wrong first: MySQL takes the savepoints with the transaction,
    and going back to one is the error that comes out.
    """
    return any(
        not LOST_RACE.isdisjoint(_codes(each)) or _sqlite_code(each) == sqlite3.SQLITE_BUSY
        for each in _causes(error)
    )


def is_lost_connection(error: BaseException) -> bool:
    """Tell whether a connection died, so that what was not committed never happened."""
    return not isinstance(error, Unreachable) and any(
        isinstance(each, ConnectionLost)
        or (isinstance(each, DBAPIError) and each.connection_invalidated)
        or not LOST_CONNECTION.isdisjoint(_codes(each))
        for each in _causes(error)
    )


def is_hung_up(error: Exception) -> bool:
    """Tell whether a server that was there broke off, while it was being connected to."""
    return any(
        (isinstance(each, ConnectionError) and not is_refusal(each))
        or not HUNG_UP.isdisjoint(_codes(each))
        for each in _causes(error)
    )


def is_refusal(error: ConnectionError) -> bool:
    """Tell whether nobody listens, or PostgreSQL has no TLS for somebody who asked for it."""
    return isinstance(error, ConnectionRefusedError) or "rejected SSL upgrade" in str(error)


def is_of_server(error: Exception) -> bool:
    """Tell whether it is a server that failed at something, where another one may not."""
    failed = isinstance(error, Unreachable | DBAPIError) or is_lost_connection(error)
    return failed and not is_stopped(error)


def is_stopped(error: Exception) -> bool:
    """Tell whether a statement was cut, by a time limit or by an administrator."""
    return not STOPPED.isdisjoint(_codes(error)) or _sqlite_code(error) == sqlite3.SQLITE_INTERRUPT


def first_line(error: BaseException) -> str:
    """Say what a driver says, without the statement and the links that follow it."""
    reason = _of_driver(error)
    silence = "no answer in time" if isinstance(reason, TimeoutError) else type(reason).__name__
    return (str(reason).splitlines() or [""])[0] or silence


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Go from an error to what went wrong before it."""
    while error is not None:
        yield error
        error = error.__context__


def _of_driver(error: BaseException) -> BaseException:
    """Look at what the driver raised, without SQLAlchemy's wrapping."""
    return (error.orig if isinstance(error, DBAPIError) else None) or error


def _codes(error: BaseException) -> set[object]:
    """Tell a driver's SQLSTATE and, of MySQL's, its number."""
    raised = _of_driver(error)
    numbers = raised.args[:1] if isinstance(raised, MySQLError) else ()  # else a key, or anything
    return {getattr(raised, "sqlstate", None), *numbers}


def _sqlite_code(error: BaseException) -> int | None:
    """Tell SQLite's primary result code."""
    code: int | None = getattr(_of_driver(error), "sqlite_errorcode", None)
    return None if code is None else code & PRIMARY_SQLITE_CODE
