"""COMMIT is refused, or may have been: as distributed engines do that speak PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

import domain
from persistence import Database
from tests.factories import NOON

pytestmark = pytest.mark.backends("postgresql")

FAIL_ONCE = """CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF nextval('commits') = 1 THEN RAISE EXCEPTION 'Not now.' USING ERRCODE = '{code}'; END IF;
  RETURN NULL;
END $$"""
AT_COMMIT = """CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON tags
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_once()"""


@asynccontextmanager
async def first_commit_fails(database: Database, code: str) -> AsyncGenerator[None]:
    """Have PostgreSQL refuse the first COMMIT of a tag with some error."""
    async with database.reading() as connection:
        await connection.exec_driver_sql("CREATE SEQUENCE commits")
        await connection.exec_driver_sql(FAIL_ONCE.format(code=code))
        await connection.exec_driver_sql(AT_COMMIT)
        try:
            yield
        finally:
            await connection.exec_driver_sql("DROP FUNCTION fail_once CASCADE")
            await connection.exec_driver_sql("DROP SEQUENCE commits")


async def name_tag(database: Database) -> int:
    """Write a tag, and count the attempts that it took."""
    attempts = 0
    async with database.unit_of_work() as work:

        async def write() -> None:
            nonlocal attempts
            attempts += 1
            await work.tags.get_or_create(["python"], at=NOON)

        await work.transaction(write)
    return attempts


async def test_a_serialization_failure_at_commit_is_run_anew(database: Database) -> None:
    """Engines that lock nothing find conflicts there, and not before."""
    async with first_commit_fails(database, "40001"):
        assert await name_tag(database) == 2


@pytest.mark.parametrize("code", ["40003", "08007"])
async def test_a_commit_of_which_nobody_knows_is_not_run_anew(
    database: Database, code: str
) -> None:
    """It may have been done, and would be done twice."""
    async with first_commit_fails(database, code):
        with pytest.raises(domain.OutcomeUnknown):
            await name_tag(database)
