"""Column types every database agrees on; migrations import them, so they stay put."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text, TypeDecorator
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

MYSQL_COLLATION = "utf8mb4_bin"


class Key(TypeDecorator[int]):
    """A key of 64 bits; SQLite, whose integers all are, makes keys only for plain INTEGER."""

    impl = BigInteger().with_variant(Integer, "sqlite")
    cache_ok = True


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime to the microsecond, whatever the database keeps by default."""

    impl = DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=value.tzinfo or UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Leave it to PostgreSQL, whose moments are aware."""
        return None if dialect.name == "postgresql" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Take PostgreSQL's as they come, which are in UTC."""
        if dialect.name == "postgresql":
            return None
        return super().result_processor(dialect, coltype)


class Line(TypeDecorator[str]):
    """A line of text, compared and sorted by code point: the same order on every database."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        length = self.length
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.VARCHAR(length, collation=MYSQL_COLLATION))
        if dialect.name == "postgresql":
            return dialect.type_descriptor(String(length, collation="C"))
        return dialect.type_descriptor(String(length))


class LongText(TypeDecorator[str]):
    """Text of any length up to 16 MiB, never sorted."""

    impl = Text().with_variant(mysql.MEDIUMTEXT(collation=MYSQL_COLLATION), "mysql", "mariadb")
    cache_ok = True
