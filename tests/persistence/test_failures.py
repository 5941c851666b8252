"""What drivers' errors mean."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

import pytest
from aiomysql import MySQLError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

import domain
from persistence.failures import (
    LOST_CONNECTION,
    LOST_RACE,
    STOPPED,
    ConnectionLost,
    Unreachable,
    as_domain_error,
    domain_errors,
    first_line,
    is_hung_up,
    is_lost_connection,
)


class PostgreSQLError(Exception):
    """What asyncpg raises, with an SQLSTATE."""

    def __init__(self, code: object) -> None:
        super().__init__("of PostgreSQL")
        self.sqlstate = code


def from_server(code: object) -> Exception:
    """Raise as asyncpg does, or as aiomysql does, with a number before its message."""
    return MySQLError(code, "of MySQL") if isinstance(code, int) else PostgreSQLError(code)


def from_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("from SQLite")
    error.sqlite_errorcode = code
    return error


def caused_by(reason: Exception, error: Exception) -> Exception:
    """Raise an error from another."""
    error.__cause__ = reason
    return error


def following(first: Exception, error: Exception) -> Exception:
    """Have an error come out of the handling of another."""
    error.__context__ = first
    return error


def wrapped(error: Exception, **options: Any) -> DBAPIError:
    """Wrap an error as SQLAlchemy does."""
    return DBAPIError("SELECT 1", {"secret": "hidden"}, error, **options)


@pytest.mark.parametrize(
    ("codes", "meaning"),
    [
        (LOST_RACE, domain.Busy),
        (LOST_CONNECTION, domain.Unavailable),
        (STOPPED, domain.TookTooLong),
        ({"23505", "42P01", 1062, 1146}, None),
    ],
)
def test_each_code_has_a_meaning(
    codes: set[object], meaning: type[domain.DomainError] | None
) -> None:
    """As the driver raises it, and as SQLAlchemy wraps it; any other is a bug, and is masked."""
    for code in codes:
        for error in from_server(code), wrapped(from_server(code)):
            told = as_domain_error(error)

            assert (told and type(told)) is meaning, code


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (from_sqlite(sqlite3.SQLITE_BUSY), domain.Busy),
        (from_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), domain.Busy),
        (from_sqlite(sqlite3.SQLITE_INTERRUPT), domain.TookTooLong),
        (from_sqlite(sqlite3.SQLITE_CORRUPT), None),
        (PoolTimeout("all in use"), domain.Busy),
        (Unreachable("no route"), domain.Unavailable),
        (ConnectionLost("reset by peer"), domain.Unavailable),
        (wrapped(Exception("closed"), connection_invalidated=True), domain.Unavailable),
        (ValueError("a bug"), None),
    ],
)
def test_what_has_no_code_has_a_meaning_too(
    error: Exception, meaning: type[domain.DomainError] | None
) -> None:
    """Sockets, pools and SQLite tell in their own ways."""
    told = as_domain_error(error)

    assert (told and type(told)) is meaning


@pytest.mark.parametrize(
    "bug", [KeyError(2013), ValueError(1213), ValueError(["a", "list"]), OSError(1213, "of a disk")]
)
def test_what_our_own_errors_hold_is_no_error_number(bug: Exception) -> None:
    """A row's key may be any number: such a bug would be run anew, and told as an outage."""
    assert as_domain_error(bug) is None


def test_one_of_the_domains_errors_means_itself() -> None:
    """What is known already is not translated twice."""
    busy = domain.Busy()

    assert as_domain_error(busy) is busy


def test_what_went_wrong_first_tells_what_it_means() -> None:
    """What comes out may only be that there was no savepoint left to go back to."""
    assert is_lost_connection(following(from_server(2013), from_server(1305)))


def test_a_server_that_could_not_be_reached_lost_no_connection() -> None:
    """To try again at once would be refused at once."""
    assert not is_lost_connection(following(ConnectionRefusedError(), Unreachable("refused")))


@pytest.mark.parametrize(
    ("error", "is_there"),
    [
        (ConnectionResetError(), True),
        (from_server(2013), True),
        (following(ConnectionResetError(), from_server(2003)), True),
        (from_server("57P01"), True),
        (ConnectionRefusedError(), False),
        (TimeoutError(), False),
        (from_server(1045), False),
    ],
)
def test_a_server_that_hangs_up_is_there(error: Exception, is_there: bool) -> None:
    """An administrator ends sessions that are being made as well: the next may be let in."""
    assert is_hung_up(error) is is_there


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (wrapped(Exception("first\nDETAIL: second")), "first"),
        (TimeoutError(), "no answer in time"),
        (ConnectionResetError(), "ConnectionResetError"),
    ],
)
def test_the_log_gets_one_line_without_statement_or_values(error: Exception, line: str) -> None:
    """SQLAlchemy's own text has both."""
    assert first_line(error) == line


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (wrapped(from_server("57014")), ["TookTooLong: of PostgreSQL"]),
        (PoolTimeout("all were in use"), ["Busy: all were in use"]),
        (caused_by(Exception("cut"), domain.TookTooLong()), ["TookTooLong: cut"]),
        (caused_by(Exception("gone"), domain.OutcomeUnknown()), ["OutcomeUnknown: gone"]),
        (caused_by(Exception("not unique"), domain.AlreadyTaken("email")), []),
        (ValueError("a bug"), []),
    ],
)
def test_the_reason_is_logged_whoever_found_it_out(
    error: Exception, lines: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Clients are told what to do, and only the log why; an answer or a bug is not for it."""
    caplog.set_level(logging.INFO, "inkwell.persistence")

    with pytest.raises(type(as_domain_error(error) or error)), domain_errors:
        raise error

    assert [record.getMessage() for record in caplog.records] == lines
