"""What nobody foresaw stays inside."""

from __future__ import annotations

import logging

import pytest
from strawberry.schema.exception_handlers import get_exception_types

import domain
from persistence import Base, Database
from schema.errors import CODES
from schema.results import EXCEPTION_HANDLERS
from tests.conftest import Execute
from tests.factories import Given


async def test_a_failure_inside_is_masked(
    database: Database, execute: Execute, caplog: pytest.LogCaptureFixture
) -> None:
    """The client gets an id and no word of SQL; the log has the id and the traceback once."""
    async with database.writing() as connection:
        await connection.run_sync(Base.metadata.drop_all)

    with caplog.at_level(logging.ERROR):
        result = await execute("{ posts { nodes { title } } users { totalCount } }")
    async with database.writing() as connection:
        await connection.run_sync(Base.metadata.create_all)

    assert result.data is None and result.errors is not None
    error = result.errors[0]
    assert error.extensions is not None
    assert error.extensions["code"] == "INTERNAL_SERVER_ERROR"
    assert error.message == f"Something went wrong here (error {error.extensions['errorId']})."
    logged = [each for each in caplog.records if error.extensions["errorId"] in each.getMessage()]
    assert len(logged) == 1 and logged[0].exc_info is not None


ONE_BRANCH_FAILS = """
{
  failing: post(by: {slug: "a"}) {
    ...Deep
    comments { nodes { post { excerpt(length: 0) } } }
  }
  sound: post(by: {slug: "a"}) { ...Deep }
}

fragment Deep on Post {
  author { posts { nodes { comments { nodes { author { posts { nodes { slug } } } } } } } }
}
"""


async def test_a_failing_field_takes_nothing_from_others(execute: Execute, given: Given) -> None:
    """What it cancels beneath it waits for the same loaders as fields that go on."""
    ada = await given.a_user()
    await given.a_comment(on=await given.a_post(by=ada, title="a"), by=ada)

    result = await execute(ONE_BRANCH_FAILS)

    assert result.data is not None
    assert result.data["failing"] is None
    assert result.data["sound"]["author"]["posts"]["nodes"][0]["comments"]["nodes"] == [
        {"author": {"posts": {"nodes": [{"slug": "a"}]}}}
    ]
    assert [error.extensions for error in result.errors or ()] == [{"code": "BAD_USER_INPUT"}]


async def test_errors_stand_beside_the_data(execute: Execute, given: Given) -> None:
    """A mistake in one field leaves the others readable, and says where it was made."""
    ada = await given.a_user(username="ada")
    await given.a_post(by=ada)

    result = await execute('{ user(by: {username: "ada"}) { username } node(id: "?") { id } }')

    assert result.data == {"user": {"username": "ada"}, "node": None}
    assert [error.path for error in result.errors or ()] == [["node"]]


def test_every_error_of_the_domain_reaches_the_client_in_one_way() -> None:
    """As a member of result unions, or by a code; a new one is not masked for want of either."""
    handled = {error for handler in EXCEPTION_HANDLERS for error in get_exception_types(handler)}

    assert handled.isdisjoint(CODES)
    assert handled | CODES.keys() == {*domain.DomainError.__subclasses__()}
