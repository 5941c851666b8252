"""Statements that are explained to those who ran them, and to nobody else."""

from __future__ import annotations

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import text

import domain
from persistence import Database, Sent
from server.authentication import Authentication
from server.explorer.explaining import EXPLAIN, GONE
from server.explorer.statements import KEPT_BYTES, VALUE_BYTES, KeptStatements
from server.http.endpoint import HttpLimits
from tests.factories import Given
from tests.server.explorer.asking import a_token, explained, statements_of, traced
from tests.server.explorer.conftest import explorer_over

FEED = """{ posts(first: 5) { totalCount nodes { author { displayName } tags { name }
  comments(last: 2) { totalCount nodes { body } pageInfo { hasNextPage hasPreviousPage } } } } }"""
SIGN_OUT = "mutation { signOut }"
NO_HANDLE = "The body should be an object with `statement`, a trace's handle."


async def test_whoever_ran_an_operation_learns_how(
    client: AsyncClient, given: Given, database: Database
) -> None:
    """Each of its statements, with the values that it had: pages, counts and sessions."""
    ada = await given.a_user()
    await given.a_comment(on=await given.a_post(by=ada, tags=["a"]), by=ada)
    token = await a_token(given, of=ada)
    answer = await traced(client, FEED, token=token)

    statements = statements_of(answer)
    answers = [await explained(client, each["explain"], token=token) for each in statements]

    assert len(statements) >= 6
    assert {each.status_code for each in answers} == {200}
    plans = [each.json()["plan"] for each in answers]
    expected = {"postgresql": "actual time=", "sqlite": "SEARCH ", "mysql": "rows"}
    mark = expected[database.engine.dialect.name]
    assert sum(mark in plan for plan in plans) >= len(plans) - 1, plans


async def test_a_handle_is_good_for_nobody_else(client: AsyncClient, given: Given) -> None:
    """What was looked up may be somebody's email address."""
    ada, bob = await given.a_user(), await given.a_user()
    hers, his = await a_token(given, of=ada), await a_token(given, of=bob)
    handle = statements_of(await traced(client, "{ viewer { email } }", token=hers))[0]["explain"]

    others = [
        await explained(client, handle, token=his),
        await explained(client, handle),
        await explained(client, "made up", token=hers),
    ]

    assert [each.status_code for each in others] == [404, 404, 404]
    assert others[0].json()["errors"][0]["message"] == GONE


async def test_a_session_that_has_ended_explains_nothing(client: AsyncClient, given: Given) -> None:
    """As it reads nothing any more."""
    token = await a_token(given, of=await given.a_user())
    handle = statements_of(await traced(client, "{ viewer { id } }", token=token))[0]["explain"]
    await traced(client, SIGN_OUT, token=token)

    answer = await explained(client, handle, token=token)

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("method", "body", "type_", "status", "message"),
    [
        ("GET", b"", "application/json", 405, "Send a POST."),
        ("POST", b"{}", "application/json", 400, NO_HANDLE),
        ("POST", b'{"statement": 1}', "application/json", 400, NO_HANDLE),
        ("POST", b"[]", "application/json", 400, NO_HANDLE),
        ("POST", b'"x"', "application/json", 400, NO_HANDLE),
        ("POST", b"{", "application/json", 400, "The body should be JSON, in UTF-8."),
        (
            "POST",
            b"statement=x",
            "application/x-www-form-urlencoded",
            415,
            "Send JSON in UTF-8, with `Content-Type: application/json`.",
        ),
        ("POST", b" " * 2_000, "application/json", 413, "The body may have 1,000 bytes at most."),
    ],
)
async def test_what_is_no_question_is_told_so(
    client: AsyncClient, method: str, body: bytes, type_: str, status: int, message: str
) -> None:
    """In the same form as from the other endpoint."""
    response = await client.request(method, EXPLAIN, content=body, headers={"Content-Type": type_})

    assert response.status_code == status
    assert response.json()["errors"][0]["message"] == message


async def test_a_scheme_may_be_written_in_any_letters(client: AsyncClient, given: Given) -> None:
    """It is the token that counts."""
    token = await a_token(given, of=await given.a_user())
    (session, *_) = statements_of(await traced(client, "{ viewer { id } }", token=token))

    response = await client.post(
        EXPLAIN,
        json={"statement": session["explain"]},
        headers={"Authorization": f"bearer {token}"},
    )

    assert response.status_code == 200


async def test_what_is_no_token_explains_nothing(client: AsyncClient) -> None:
    """As elsewhere, it is not taken for the public."""
    response = await client.post(
        EXPLAIN, json={"statement": "x"}, headers={"Authorization": "Basic x"}
    )

    assert response.status_code == 401


@pytest.mark.backends("postgresql")
async def test_an_explanation_has_as_long_as_an_operation(
    database: Database, authentication: Authentication, accounts: domain.Accounts
) -> None:
    """The statement runs once more, and what held it up before may do so again."""
    explorer = explorer_over(database, authentication, accounts, HttpLimits(seconds=0.3))
    async with (
        AsyncClient(transport=ASGITransport(explorer), base_url="http://inkwell") as client,
        database.writing() as other,
    ):
        (statement,) = statements_of(await traced(client, "{ posts { nodes { id } } }"))
        await other.execute(text("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE"))

        response = await explained(client, statement["explain"])

    assert response.status_code == 504
    assert response.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"


def a_statement(*parameters: object) -> Sent:
    return Sent(text="SELECT 1", parameters=parameters, server="primary", cause=None, began_at=0)


def test_the_oldest_statements_are_forgotten() -> None:
    """Whoever explores all day takes no more memory than that."""
    kept = KeptStatements()
    large = a_statement([0] * (KEPT_BYTES // VALUE_BYTES // 2))

    handles = [kept.keep(large, None) for _ in range(3)]

    found = [kept.find(handle or "", None) for handle in handles]
    assert found[0] is None and found[-1] is large


def test_a_long_text_takes_its_length() -> None:
    """And not as much as a list of so many keys."""
    kept = KeptStatements()

    assert kept.keep(a_statement("x" * 1_000_000), None) is not None


def test_a_statement_too_large_to_be_kept_is_told_without_a_handle() -> None:
    """And nothing fails for it."""
    kept = KeptStatements()

    assert kept.keep(a_statement([0] * (KEPT_BYTES // VALUE_BYTES)), None) is None
