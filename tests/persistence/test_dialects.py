"""Where databases differ, and the engine that hides it."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

import domain
from persistence import Base, Database
from persistence.dialects import has_lateral
from persistence.failures import violated_unique
from tests.contract.rows import SOME_POST, a_link
from tests.databases import Backend
from tests.factories import NOON, Given

MODERATOR = domain.SignedIn(domain.UserId(1), domain.Role.MODERATOR)
TAGS, LINKS = (Base.metadata.tables[name] for name in ("tags", "post_tags"))


@pytest.mark.parametrize(
    "url", ["oracle://localhost/inkwell", "postgresql://localhost/inkwell", "sqlite:///inkwell.db"]
)
async def test_another_driver_is_refused(url: str) -> None:
    """By a sentence that says which there are, instead of a traceback on the first request."""
    with pytest.raises(ValueError, match=r"driver.*postgresql\+asyncpg.*sqlite\+aiosqlite"):
        async with Database.connect(url):
            pass


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
async def test_sqlite_in_memory_is_one_database(url: str) -> None:
    """For trying things out: what one request writes the next one reads."""
    async with Database.connect(url) as database:
        async with database.writing() as connection:
            await connection.run_sync(Base.metadata.create_all)
        tag = await Given(database).a_tag()

        async with database.unit_of_work(MODERATOR) as work:
            assert await work.tags.get(tag.id) == tag


async def test_a_broken_unique_constraint_is_named(database: Database) -> None:
    """The name is ours and the same everywhere; the field that is taken follows from it."""
    row = {"name": "graphql", "created_at": NOON}

    with pytest.raises(IntegrityError) as caught:
        async with database.writing() as connection:
            await connection.execute(insert(TAGS), [row])
            await connection.execute(insert(TAGS), [row])

    assert violated_unique(caught.value) == "uq_tags_name"


async def test_a_broken_foreign_key_is_no_unique_constraint(database: Database) -> None:
    """Nothing is taken, so nobody is told to choose another."""
    with pytest.raises(IntegrityError) as caught:
        async with database.writing() as connection:
            await connection.execute(insert(LINKS), a_link(SOME_POST, domain.TagId(2**62)))

    assert violated_unique(caught.value) is None


async def test_a_missing_value_is_no_unique_constraint(database: Database) -> None:
    """The same for a value that must not be NULL."""
    with pytest.raises(IntegrityError) as caught:
        async with database.writing() as connection:
            await connection.execute(insert(TAGS), {"name": None, "created_at": NOON})

    assert violated_unique(caught.value) is None


async def test_lateral_is_used_where_there_is_one(backend: Backend, database: Database) -> None:
    """MariaDB speaks MySQL's protocol, but not all of its SQL."""
    async with database.engine.connect() as connection:
        assert has_lateral(connection.dialect) is (backend.id in {"postgresql", "mysql"})


async def test_reads_ask_for_no_more_than_the_driver_takes(
    database: Database, given: Given
) -> None:
    """A loader may gather many keys in one statement."""
    tag = await given.a_tag()
    ids = [domain.TagId(n) for n in range(2**40, 2**40 + 5_000)]

    async with database.unit_of_work(MODERATOR) as work:
        found = await work.tags.get_many([*ids, tag.id])

    assert found == {tag.id: tag}


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(
    ("pragma", "value"), [("foreign_keys", 1), ("journal_mode", "wal"), ("synchronous", 1)]
)
async def test_sqlite_is_set_up_on_every_connection(
    database: Database, pragma: str, value: object
) -> None:
    """Its defaults are those of 2004: no foreign keys, and readers that wait for writers."""
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as one, engine.connect() as other:
        found = [await each.scalar(text(f"PRAGMA {pragma}")) for each in (one, other)]

    assert found == [value, value]
