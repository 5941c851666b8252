"""The database, its replicas, and the connections to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from persistence import EngineOptions, Pooler, check_url, migrations
from server.settings.lists import split


class DatabaseSettings(BaseSettings):
    """What decides about the database."""

    database_url: SecretStr = Field(
        default=SecretStr("sqlite+aiosqlite:///./inkwell.db"),
        description="SQLAlchemy URL: postgresql+asyncpg, mysql+aiomysql or sqlite+aiosqlite.",
    )
    migration_database_url: SecretStr = Field(
        default=SecretStr(""),
        description="Where migrations go, if DATABASE_URL is a pooler's: the database itself.",
    )
    migration_lock_timeout_seconds: float = Field(
        default=5,
        ge=0.1,
        le=3_600,
        description="How long a migration waits for a lock, while others wait behind it.",
    )
    migration_statement_timeout_seconds: float = Field(
        default=600, ge=1, le=86_400, description="How long a statement of a migration may run."
    )
    db_echo: bool = Field(default=False, description="Log every SQL statement.")
    db_pool_size: int = Field(
        default=10, ge=1, le=1_000, description="Connections each worker keeps."
    )
    db_max_overflow: int = Field(
        default=10, ge=0, le=1_000, description="Connections beyond these when it is busy."
    )
    db_pool_timeout_seconds: float = Field(
        default=5, gt=0, le=600, description="How long a request waits for a connection."
    )
    db_pool_recycle_seconds: int = Field(
        default=1_800,
        ge=1,
        description="Age at which a connection is replaced; below MySQL's wait_timeout.",
    )
    db_connect_timeout_seconds: float = Field(
        default=1.5, gt=0, le=60, description="How long the server waits to be let in."
    )
    db_statement_timeout_seconds: float = Field(
        default=5, ge=0.1, le=600, description="How long a statement may run."
    )
    db_pooler: Pooler = Field(
        default=Pooler.NONE,
        description="none, or transaction: a PgBouncer before PostgreSQL, in that mode.",
    )
    database_replica_url: SecretStr = Field(
        default=SecretStr(""),
        description="Replicas that queries read, as URLs like DATABASE_URL's with commas between.",
    )
    replica_lag_seconds: float = Field(
        default=5,
        ge=0,
        le=3_600,
        description="How long whoever has written reads the primary; no replica may lag more.",
    )

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _speaks_a_known_driver(cls, url: SecretStr) -> SecretStr:
        if text := url.get_secret_value():
            if "," in text and "://" in text.partition(",")[2]:
                raise ValueError("is one URL, without others behind a comma")
            check_url(text)
        return url

    @field_validator("database_replica_url")
    @classmethod
    def _lists_databases(cls, urls: SecretStr) -> SecretStr:
        for url in split(urls.get_secret_value()):
            check_url(url)
        return urls

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        backends = {backend_of(self.database_url.get_secret_value())}
        if {*map(backend_of, self.replica_urls)} - backends:
            raise ValueError("DATABASE_REPLICA_URL: should be the same database as DATABASE_URL")
        if backend_of(self.migration_url) not in backends:
            raise ValueError("MIGRATION_DATABASE_URL: should be the same database as DATABASE_URL")
        if "sqlite" in backends and self.replica_urls:
            raise ValueError("DATABASE_REPLICA_URL: SQLite has no replicas")
        if self.db_pooler is not Pooler.NONE and backends != {"postgresql"}:
            raise ValueError("DB_POOLER: is for PostgreSQL only")
        return self

    @property
    def replica_urls(self) -> list[str]:
        """The replicas that queries read, none by default."""
        return split(self.database_replica_url.get_secret_value())

    @property
    def migration_url(self) -> str:
        """Where migrations go."""
        return (self.migration_database_url or self.database_url).get_secret_value()

    @property
    def migration_limits(self) -> migrations.Limits:
        """What a statement of a migration may take."""
        return migrations.Limits(
            lock_seconds=self.migration_lock_timeout_seconds,
            statement_seconds=self.migration_statement_timeout_seconds,
        )

    @property
    def replica_lag(self) -> timedelta:
        """How long a replica may lack what was written."""
        return timedelta(seconds=self.replica_lag_seconds)

    @property
    def engine_options(self) -> EngineOptions:
        """What of this the server's connections are made with."""
        return replace(
            self.command_options,
            pool_size=self.db_pool_size,
            max_overflow=self.db_max_overflow,
            pool_timeout_seconds=self.db_pool_timeout_seconds,
            pool_recycle_seconds=self.db_pool_recycle_seconds,
            connect_timeout_seconds=self.db_connect_timeout_seconds,
            statement_timeout_seconds=self.db_statement_timeout_seconds,
        )

    @property
    def command_options(self) -> EngineOptions:
        """The same for commands, which take their time."""
        return EngineOptions(echo=self.db_echo, pooler=self.db_pooler)


def backend_of(url: str) -> str:
    """Tell the kind of database that a URL is for."""
    return check_url(url).get_backend_name().replace("mariadb", "mysql")
