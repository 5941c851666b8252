"""Tokens over HTTP: who they stand for, and what becomes of those that stand for nobody."""

from __future__ import annotations

import base64
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import AsyncClient, Headers, Response
from sqlalchemy import event, text

import domain
from persistence import Database
from server.authentication import Authentication
from tests.conftest import RecordQueries
from tests.factories import Given
from tests.persistence.connections import checked_out

VIEWER = "{ viewer { username } }"
SIGN_UP = """mutation ($input: SignUpInput!) { signUp(input: $input) {
  __typename ... on SignUpPayload { token user { username email } } } }"""
SIGN_IN = """mutation ($input: SignInInput!) { signIn(input: $input) {
  __typename ... on SignInPayload { token user { username } } } }"""
PASSWORD = "correct horse battery staple"  # noqa: S105 (a famous one)
TOKEN = domain.new_token()
HEADERS_TO_REFUSE = {
    "unknown": [f"Bearer {domain.new_token()}"],
    "too-short": [f"Bearer {TOKEN[:-1]}"],
    "too-long": [f"Bearer {TOKEN}A"],
    "much-too-long": ["Bearer " + "A" * 1_000_000],
    "not-base64url": [f"Bearer {TOKEN[:-1]}+"],
    "no-token": ["Bearer"],
    "empty": [""],
    "no-scheme": [TOKEN],
    "another-scheme": ["Basic " + base64.b64encode(b"ada:lovelace").decode()],
    "another-scheme-with-the-token": [f"Token {TOKEN}"],
    "two-headers": [f"Bearer {TOKEN}", f"Bearer {TOKEN}"],
    "two-headers-in-one": [f"Bearer {TOKEN}, Bearer {TOKEN}"],
    "two-tokens": [f"Bearer {TOKEN} {TOKEN}"],
    "line-end-within": [f"Bearer {TOKEN}\n"],
    "not-text": [f"Bearer {TOKEN[:-1]}\xff"],
}


async def ask(
    client: AsyncClient, query: str, token: str | None = None, **variables: Any
) -> dict[str, Any]:
    """What a signed-in user is answered, or the public."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = await client.post(
        "/graphql", json={"query": query, "variables": variables}, headers=headers
    )
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]
    return found


async def show(client: AsyncClient, *headers: tuple[str, str]) -> Response:
    """What is answered to a request for the viewer with these headers."""
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return await client.post("/graphql", json={"query": VIEWER}, headers=raw)


async def test_a_session_from_its_beginning_to_its_end(client: AsyncClient) -> None:
    """Sign up, come back with the token, sign out: then the token is worth nothing."""
    ada = {"username": "Ada", "email": "ada@example.com", "password": PASSWORD}

    signed_up = (await ask(client, SIGN_UP, input=ada))["signUp"]
    before = await ask(client, VIEWER, signed_up["token"])
    signed_out = await ask(client, "mutation { signOut }", signed_up["token"])
    after = await show(client, ("Authorization", f"Bearer {signed_up['token']}"))

    assert signed_up["user"] == {"username": "ada", "email": "ada@example.com"}
    assert before == {"viewer": {"username": "ada"}}
    assert signed_out == {"signOut": True}
    assert after.status_code == 401


async def test_signing_in_ends_no_other_session(client: AsyncClient, given: Given) -> None:
    """Each device has its own token."""
    await given.a_user(username="ada", password=PASSWORD)
    credentials = {"login": "ADA@example.com", "password": PASSWORD}

    laptop = (await ask(client, SIGN_IN, input=credentials))["signIn"]["token"]
    phone = (await ask(client, SIGN_IN, input=credentials))["signIn"]["token"]
    await ask(client, "mutation { signOut }", phone)

    assert await ask(client, VIEWER, laptop) == {"viewer": {"username": "ada"}}


async def test_without_a_header_one_is_the_public(client: AsyncClient) -> None:
    """Who may read what is published."""
    assert await ask(client, VIEWER) == {"viewer": None}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR  "])
async def test_the_scheme_is_read_in_any_case(
    client: AsyncClient, given: Given, scheme: str
) -> None:
    """RFC 9110 says so, and clients do."""
    await given.a_session(of=await given.a_user(username="ada"), token=TOKEN, at=datetime.now(UTC))

    response = await show(client, ("Authorization", f"{scheme} {TOKEN}"))

    assert response.json() == {"data": {"viewer": {"username": "ada"}}}


@pytest.mark.parametrize("headers", HEADERS_TO_REFUSE.values(), ids=HEADERS_TO_REFUSE)
async def test_a_header_that_proves_nothing_is_refused(
    client: AsyncClient, given: Given, record_queries: RecordQueries, headers: list[str]
) -> None:
    """Never silently the public; and what can't be a token costs the database nothing."""
    await given.a_session(of=await given.a_user(), token=TOKEN, at=datetime.now(UTC))

    with record_queries() as queries:
        response = await show(client, *(("Authorization", header) for header in headers))

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="inkwell", error="invalid_token"'
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "UNAUTHENTICATED"}
    assert "data" not in response.json()
    assert len(queries) == (headers == HEADERS_TO_REFUSE["unknown"]), queries


async def test_an_expired_session_is_refused(client: AsyncClient, given: Given) -> None:
    """Nobody is signed in for ever."""
    month = timedelta(days=30)
    user = await given.a_user()
    await given.a_session(of=user, token=TOKEN, lifetime=month, at=datetime.now(UTC) - month)

    response = await show(client, ("Authorization", f"Bearer {TOKEN}"))

    assert response.status_code == 401


async def test_a_token_does_not_outlive_its_user(client: AsyncClient, given: Given) -> None:
    """Their sessions go with them."""
    user = await given.a_user()
    await given.a_session(of=user, token=TOKEN, at=datetime.now(UTC))

    await given.written(lambda work: work.users.delete(user.id))

    assert (await show(client, ("Authorization", f"Bearer {TOKEN}"))).status_code == 401


async def test_a_role_holds_from_the_next_request(client: AsyncClient, given: Given) -> None:
    """It is read with the session, so nobody has to sign in again, or keeps what was taken."""
    moderator = await given.a_user(role=domain.Role.MODERATOR)
    await given.a_session(of=moderator, token=TOKEN, at=datetime.now(UTC))
    await given.a_post(by=await given.a_user(), publish=False)
    before = await ask(client, "{ posts { totalCount } }", TOKEN)

    demoted = replace(moderator, role=domain.Role.MEMBER)
    await given.written(lambda work: work.users.update(demoted))

    after = await ask(client, "{ posts { totalCount } }", TOKEN)
    assert [answer["posts"]["totalCount"] for answer in (before, after)] == [1, 0]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        (
            "application/graphql-response+json; charset=utf-8, application/json; q=0.9",
            "application/graphql-response+json",
        ),
        (
            "application/json, Application/GraphQL-Response+JSON",
            "application/graphql-response+json",
        ),
    ],
)
async def test_a_refusal_is_of_a_type_that_the_client_reads(
    client: AsyncClient, accept: str | None, media_type: str
) -> None:
    """GraphQL over HTTP: its own type for those who ask for it, else JSON."""
    headers = [("Authorization", "Bearer x"), *([("Accept", accept)] if accept else [])]

    response = await show(client, *headers)

    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.json()["errors"]


async def test_authentication_costs_one_statement_on_the_same_connection(
    client: AsyncClient, database: Database, given: Given, record_queries: RecordQueries
) -> None:
    """It is part of every request of a user, and a second connection would halve the pool."""
    await given.a_session(of=await given.a_user(), token=TOKEN, at=datetime.now(UTC))
    posts = "{ posts { nodes { title } } }"
    await ask(client, posts)
    lent: list[int] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda *_: lent.append(checked_out(database)),
    )

    with record_queries() as anonymous:
        await ask(client, posts)
    with record_queries() as authenticated:
        await ask(client, posts, TOKEN)

    assert len(authenticated) == len(anonymous) + 1, authenticated
    assert {*lent} == {1}
    assert "sessions" in authenticated[0]


async def test_use_is_noted_at_most_once_a_minute(
    database: Database, given: Given, record_queries: RecordQueries
) -> None:
    """People look through their sessions for one they do not know, and writes are dear."""
    user = await given.a_user()
    began = datetime.now(UTC) - timedelta(hours=1)
    await given.a_session(of=user, token=TOKEN, at=began)

    with record_queries() as queries:
        for _ in range(2):
            async with Authentication.over(database) as authentication:
                await show_tokens(database, authentication, times=5)

    (session,) = await sessions_of(user, database)
    assert timedelta() <= datetime.now(UTC) - session.last_seen_at < timedelta(minutes=1)
    assert len([query for query in queries if query.startswith("UPDATE")]) == 1, queries


async def test_a_note_that_fails_is_logged_and_no_more(
    database: Database, given: Given, caplog: pytest.LogCaptureFixture
) -> None:
    """The request has nothing to do with it."""
    began = datetime.now(UTC) - timedelta(hours=1)
    await given.a_session(of=await given.a_user(), token=TOKEN, at=began)
    nowhere = "postgresql+asyncpg://ada@127.0.0.1:1/inkwell"

    async with (
        Database.connect(nowhere) as unreachable,
        Authentication.over(unreachable) as authentication,
    ):
        await show_tokens(database, authentication, times=1)

    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "could not be noted" in record.message


async def show_tokens(database: Database, authentication: Authentication, *, times: int) -> None:
    """Authenticate requests one after the other, each with a unit of work of its own."""
    for _ in range(times):
        async with database.unit_of_work() as work:
            assert await authentication.viewer(TOKEN, work) is not None


async def sessions_of(user: domain.User, database: Database) -> Sequence[domain.Session]:
    async with database.unit_of_work() as work:
        return await work.sessions.get_many_by_user(user.id, at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        (b"Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (X11; Linux x86_64)"),
        (b"a\x01b\x7fc\x85d\te", "abcde"),
        ("Gerät".encode("latin-1"), "Gerät"),
        (b"\x01\x02", None),
        (b"", None),
        (None, None),
        (b"long" * 1_000, "long" * 125),
    ],
)
async def test_a_device_is_named_in_text_that_can_be_kept(
    client: AsyncClient, database: Database, given: Given, header: bytes | None, kept: str | None
) -> None:
    """Clients send what they like as their user agent."""
    user = await given.a_user(username="ada", password=PASSWORD)
    if header is None:
        del client.headers["user-agent"]
    else:
        client.headers = Headers([(b"user-agent", header)])

    await ask(client, SIGN_IN, input={"login": "ada", "password": PASSWORD})

    (session,) = await sessions_of(user, database)
    assert session.user_agent == kept


@pytest.mark.backends("sqlite")
async def test_a_store_that_breaks_is_told_as_graphql_tells_it(
    client: AsyncClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """The client gets an id, and the operator finds it beside the traceback."""
    async with database.writing() as connection:
        await connection.execute(text("DROP TABLE sessions"))

    response = await show(client, ("Authorization", f"Bearer {TOKEN}"))

    (error,) = response.json()["errors"]
    assert (response.status_code, response.json().keys()) == (500, {"errors"})
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["extensions"]["errorId"] in caplog.text
    assert "sessions" not in response.text
