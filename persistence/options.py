"""Which databases there can be, and how a process treats its connections."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from persistence import tls

DRIVERS = ("postgresql+asyncpg", "mysql+aiomysql", "mariadb+aiomysql", "sqlite+aiosqlite")
MAX_LOCK_WAIT_SECONDS = 2.0


class Pooler(Enum):
    """What stands between the server and PostgreSQL, and how long it lends a session."""

    NONE = "none"
    TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """How many connections a process holds to a server, and how long it waits for what."""

    echo: bool = False
    pool_size: int = 10
    max_overflow: int = 10
    pool_timeout_seconds: float = 30
    pool_recycle_seconds: int = 1_800
    connect_timeout_seconds: float = 10
    statement_timeout_seconds: float | None = None
    pooler: Pooler = Pooler.NONE

    @property
    def lock_timeout_seconds(self) -> float | None:
        """How long a statement waits for a lock, after which its transaction is run anew.

        That is less than it may run: else its time would be up first, and nothing run anew.
        """
        limit = self.statement_timeout_seconds
        return None if limit is None else min(limit / 2, MAX_LOCK_WAIT_SECONDS)

    @property
    def is_pooled(self) -> bool:
        """Whether a session lasts no longer than a transaction."""
        return self.pooler is Pooler.TRANSACTION


def check_url(text: str) -> URL:
    """Read a database's URL; raises `ValueError` unless it names one of `DRIVERS`, and a database.

    A special character that is not percent-encoded would make the end of a password a host, which
    is told to anybody.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # a port that is none
        raise ValueError("not a URL like driver://user:password@host:port/database") from None
    if url.drivername not in DRIVERS:
        raise ValueError(f"its driver must be one of {', '.join(DRIVERS)}")
    tls.check_parameters(text)
    if url.get_backend_name() == "sqlite":
        return url
    if "@" in f"{url.host}{urlsplit(text).path}":
        raise ValueError("percent-encode its password, in which %40 is @, and %2F is /")
    if not url.database:
        raise ValueError("it names no database, as in driver://user:password@host:port/database")
    return url
