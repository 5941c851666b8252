"""Signing up, in and out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from graphql import ExecutionResult

import domain
from schema.context import Context
from schema.ids import decode_id
from tests.conftest import CLIENT, Execute, run
from tests.factories import PASSWORD, SESSION_LIFETIME, Given, Store, signed_in
from tests.schema.mutations.conftest import Mutate, ReadAll
from tests.schema.mutations.documents import kind_of

ADMITTED = "user { username email displayName } token expiresAt"
SESSIONS = "{ sessions { id isCurrent userAgent } }"


async def test_a_new_user_is_signed_in(given: Given, mutate: Mutate, store: Store) -> None:
    """They see their own address, and hold a token that lets them in again."""
    now = datetime.now(UTC)

    outcome = await mutate(
        "signUp", ADMITTED, username=" Ada ", email="Ada@Example.com", password=PASSWORD
    )

    assert outcome["user"] == {
        "username": "ada",
        "email": "ada@example.com",
        "displayName": "ada",
    }
    expires_at = datetime.fromisoformat(outcome["expiresAt"])
    assert timedelta() <= expires_at - now - SESSION_LIFETIME < timedelta(minutes=1)
    async with store.unit_of_work() as work:
        found = await work.sessions.find_by_token(domain.digest_of(outcome["token"]), at=now)
    assert found is not None and found[1] is domain.Role.MEMBER


@pytest.mark.parametrize("login", ["ada", " ADA ", "ada@example.com", "Ada@Example.COM"])
async def test_one_signs_in_by_name_or_address(given: Given, mutate: Mutate, login: str) -> None:
    """Whatever the case, and every time with a new token."""
    await given.a_user(username="ada", password=PASSWORD)

    first = await mutate("signIn", ADMITTED, login=login, password=PASSWORD)
    second = await mutate("signIn", ADMITTED, login=login, password=PASSWORD)

    assert first["user"] == second["user"]
    assert first["user"]["email"] == "ada@example.com"
    assert first["token"] != second["token"]


async def test_a_wrong_login_and_a_wrong_password_are_told_alike(
    given: Given, mutate: Mutate
) -> None:
    """Nobody learns who has an account."""
    await given.a_user(username="ada", password=PASSWORD)
    await given.a_user(username="nobody_can")

    outcomes = [
        await mutate("signIn", login="ada", password=PASSWORD + "!"),
        await mutate("signIn", login="ada", password=""),
        await mutate("signIn", login="bob", password=PASSWORD),
        await mutate("signIn", login="nobody_can", password=PASSWORD),
        await mutate("signIn", login="", password=""),
    ]

    told = {
        "__typename": "WrongCredentials",
        "message": "That login and password do not go together.",
    }
    assert outcomes == [told] * 5


@pytest.mark.parametrize("field", ["username", "email"])
async def test_a_name_or_address_in_use_is_taken(
    given: Given, mutate: Mutate, read_all: ReadAll, field: str
) -> None:
    """Whatever its case; and no account is left behind."""
    await given.a_user(username="ada")
    taken = {"username": "ADA", "email": "ADA@example.com"}
    newcomer: dict[str, Any] = {"username": "bob", "email": "bob@example.com", "password": PASSWORD}
    before = await read_all()

    outcome = await mutate("signUp", **newcomer | {field: taken[field]})

    assert (kind_of(outcome), outcome["field"]) == ("AlreadyTaken", field)
    assert await read_all() == before


async def test_all_problems_come_at_once(mutate: Mutate, read_all: ReadAll) -> None:
    """Each under its name in the input."""
    before = await read_all()

    outcome = await mutate("signUp", username="?", email="?", password="", displayName="two\nlines")

    assert kind_of(outcome) == "InvalidInput"
    paths = [problem["path"] for problem in outcome["fields"]]
    assert paths == [["username"], ["email"], ["displayName"], ["password"]]
    assert await read_all() == before


SIGN_UP_AND_WRITE = """
mutation ($user: SignUpInput!, $post: CreatePostInput!) {
  signUp(input: $user) { ... on SignUpPayload { user { posts { totalCount } } } }
  createPost(input: $post) { ... on CreatePostPayload { post { status author { username } } } }
  signOut
}
"""


async def test_what_follows_in_the_document_is_the_new_users(execute: Execute) -> None:
    """The draft is theirs, and they see it; the request itself has no token to sign out."""
    result = await execute(
        SIGN_UP_AND_WRITE,
        user={"username": "ada", "email": "ada@example.com", "password": PASSWORD},
        post={"title": "A title", "body": ""},
    )

    assert result.errors is None
    assert result.data == {
        "signUp": {"user": {"posts": {"totalCount": 0}}},
        "createPost": {"post": {"status": "DRAFT", "author": {"username": "ada"}}},
        "signOut": False,
    }


SIGN_IN_AS_ANOTHER = """
mutation ($login: SignInInput!, $profile: UpdateProfileInput!) {
  before: updateProfile(input: $profile) { ... on UpdateProfilePayload { user { username } } }
  signIn(input: $login) { ... on SignInPayload { user { username email } } }
  after: updateProfile(input: $profile) { ... on UpdateProfilePayload { user { username } } }
}
"""


async def test_one_can_sign_in_as_somebody_else(execute: Execute, given: Given) -> None:
    """What came before was the first one's, what follows is the other's."""
    ada = await given.a_user(username="ada")
    await given.a_user(username="bob", password=PASSWORD)

    result = await execute(
        SIGN_IN_AS_ANOTHER,
        signed_in(ada),
        login={"login": "bob", "password": PASSWORD},
        profile={"bio": "Anew."},
    )

    assert result.data == {
        "before": {"user": {"username": "ada"}},
        "signIn": {"user": {"username": "bob", "email": "bob@example.com"}},
        "after": {"user": {"username": "bob"}},
    }


async def test_what_is_read_of_the_payload_is_as_the_user_sees_it(
    given: Given, mutate: Mutate
) -> None:
    """Their drafts are there at once."""
    ada = await given.a_user(username="ada", password=PASSWORD)
    await given.a_post(by=ada, publish=False)

    outcome = await mutate(
        "signIn", "user { posts { totalCount } }", login="ada", password=PASSWORD
    )

    assert outcome["user"] == {"posts": {"totalCount": 1}}


async def test_whoever_signed_out_is_the_public(execute: Execute, given: Given) -> None:
    """For the rest of the document, too."""
    ada = await given.a_user()
    session = await given.a_session(of=ada, at=datetime.now(UTC))

    result = await execute(
        'mutation { signOut updateProfile(input: {bio: "Anew."}) { __typename } }',
        domain.SignedIn(ada.id, ada.role, session.id),
    )

    assert result.errors is not None
    assert [(error.path, error.extensions) for error in result.errors] == [
        (["updateProfile"], {"code": "UNAUTHENTICATED"})
    ]


async def test_signing_out_ends_this_session_only(
    execute: Execute, given: Given, mutate: Mutate
) -> None:
    """One device forgets the user, the others do not; and it is done once."""
    ada = await given.a_user(username="ada", password=PASSWORD)
    await mutate("signIn", login="ada", password=PASSWORD)
    await mutate("signIn", login="ada", password=PASSWORD)
    listed = await execute(SESSIONS, signed_in(ada))
    assert listed.data is not None
    here, elsewhere = [each["id"] for each in listed.data["sessions"]]
    session_id = domain.SessionId(decode_id(here, "id")[1])
    viewer = domain.SignedIn(ada.id, ada.role, session_id)

    first = await execute("mutation { signOut }", viewer)
    second = await execute("mutation { signOut }", viewer)
    left = await execute(SESSIONS, signed_in(ada))

    assert (first.data, second.data) == ({"signOut": True}, {"signOut": False})
    assert left.data is not None
    assert [each["id"] for each in left.data["sessions"]] == [elsewhere]


async def test_without_a_session_there_is_none_to_end(execute: Execute, given: Given) -> None:
    """Neither the public's, nor that of a viewer who came another way."""
    ada = await given.a_user()

    public = await execute("mutation { signOut }")
    other = await execute("mutation { signOut }", signed_in(ada))

    assert public.data == other.data == {"signOut": False}


SIGN_IN = 'mutation { signIn(input: {login: "ada", password: "?"}) { __typename } }'
SIGN_UP = """
mutation {
  signUp(input: {username: "ada", email: "ada@example.com", password: "correct horse battery"}) {
    __typename
  }
}
"""


class Refusing:
    """Limits that are used up, in whatever way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def count_sign_in(self, account: str, address: str) -> None:
        raise self._error

    async def forget_sign_ins(self, account: str) -> None:
        raise self._error

    async def count_claim(self, address: str) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "extensions"),
    [
        pytest.param(
            domain.TooManyAttempts(90),
            {"code": "RATE_LIMITED", "retryAfterSeconds": 90},
            id="too-many",
        ),
        pytest.param(domain.Busy(), {"code": "SERVICE_UNAVAILABLE"}, id="busy"),
        pytest.param(domain.NotSignedIn(), {"code": "UNAUTHENTICATED"}, id="signed-out"),
        pytest.param(domain.NotAllowed(), {"code": "FORBIDDEN"}, id="not-allowed"),
    ],
)
@pytest.mark.parametrize("document", [SIGN_IN, SIGN_UP])
async def test_what_any_operation_may_end_in_has_a_code(
    store: Store,
    accounts: domain.Accounts,
    document: str,
    error: domain.DomainError,
    extensions: dict[str, Any],
) -> None:
    """Programs go by the code, and people read the same words as everywhere."""
    refusing = domain.Accounts(
        passwords=accounts.passwords, limits=Refusing(error), session_lifetime=SESSION_LIFETIME
    )

    async with store.unit_of_work() as work:
        context = Context(work, refusing, CLIENT)
        result = await run(document, context)

    assert result.data is None and result.errors is not None
    assert [each.message for each in result.errors] == [str(error)]
    assert [each.extensions for each in result.errors] == [extensions]


async def test_an_error_that_the_union_does_not_name_is_masked(
    store: Store, accounts: domain.Accounts
) -> None:
    """It is a bug of ours, whatever its words are fit for."""
    refusing = domain.Accounts(
        passwords=accounts.passwords,
        limits=Refusing(domain.NotFound("Post", 1)),
        session_lifetime=SESSION_LIFETIME,
    )

    async with store.unit_of_work() as work:
        context = Context(work, refusing, CLIENT)
        result = await run(SIGN_IN, context)

    assert result.errors is not None
    assert (result.errors[0].extensions or {})["code"] == "INTERNAL_SERVER_ERROR"
    assert "post" not in result.errors[0].message


async def test_signing_out_ends_the_session_of_the_requests_token(
    execute: Execute, store: Store, given: Given
) -> None:
    """Whoever signed in before, in the same document, stays signed in."""
    ada, bob = await given.a_user(), await given.a_user(username="bob", password=PASSWORD)
    session = await given.a_session(of=ada, at=datetime.now(UTC))
    viewer = domain.SignedIn(ada.id, ada.role, session.id)
    sign_in = f'signIn(input: {{login: "bob", password: "{PASSWORD}"}}) {{ __typename }}'

    result = await execute(f"mutation {{ {sign_in} signOut again: signOut }}", viewer)

    assert result.data is not None
    assert (result.data["signOut"], result.data["again"]) == (True, False)
    async with store.unit_of_work() as work:
        now = datetime.now(UTC)
        assert await work.sessions.get_many_by_user(ada.id, at=now) == []
        assert len(await work.sessions.get_many_by_user(bob.id, at=now)) == 1


async def test_names_and_addresses_are_not_asked_for_without_end(
    store: Store, accounts: domain.Accounts, given: Given
) -> None:
    """Whether one is taken tells whose it is; one's own, or a biography, tells nothing."""
    ada = await given.a_user()
    error = domain.TooManyAttempts(90)
    refusing = domain.Accounts(
        passwords=accounts.passwords, limits=Refusing(error), session_lifetime=SESSION_LIFETIME
    )

    async def update(change: str) -> ExecutionResult:
        document = f"mutation {{ updateProfile(input: {{{change}}}) {{ __typename }} }}"
        async with store.unit_of_work(signed_in(ada)) as work:
            return await run(document, Context(work, refusing, CLIENT))

    for change in ('email: "eve@example.com"', 'username: "eve"'):
        errors = (await update(change)).errors or []
        assert [(each.extensions or {})["code"] for each in errors] == ["RATE_LIMITED"]
    for change in (f'username: "{ada.username.upper()}"', f'email: "{ada.email}"', 'bio: "Anew."'):
        assert (await update(change)).errors is None
