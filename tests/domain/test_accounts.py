"""How people get in with a password."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from argon2.profiles import CHEAPEST

import domain
from server.passwords import Argon2Passwords
from server.rate_limits import Limits, RateLimits, parse_limit
from tests.factories import NOON, PASSWORD, SESSION_LIFETIME, Given, Store

EVERYONE = domain.UserFilter()
CLIENT = domain.Client("192.0.2.1", "tests")
ELSEWHERE = domain.Client("192.0.2.2", None)
TWICE = Limits(
    sign_in_per_login=parse_limit("2 per hour"),
    sign_in_per_address=parse_limit("100 per hour"),
    sign_up_per_address=parse_limit("2 per hour"),
)


def new_user(username: str = "ada") -> domain.NewUser:
    return domain.NewUser.sign_up(
        username=username, email=f"{username}@example.com", password=PASSWORD, at=NOON
    )


async def test_signing_up_signs_in(work: domain.UnitOfWork, accounts: domain.Accounts) -> None:
    """The account, a session, and the token that finds it: of which only a digest is kept."""
    admission = await accounts.sign_up(work, new_user(), PASSWORD, CLIENT, at=NOON)

    ada, session = admission.user, admission.session
    assert await work.users.get(ada.id) == ada
    assert (session.user_agent, session.expires_at) == ("tests", NOON + SESSION_LIFETIME)
    digest = domain.digest_of(admission.token)
    assert await work.sessions.find_by_token(digest, at=NOON) == (session, ada.role)
    assert admission.viewer == domain.SignedIn(ada.id, ada.role, session.id)


async def test_a_hash_is_kept_and_not_the_password(
    work: domain.UnitOfWork, accounts: domain.Accounts
) -> None:
    """Whoever gets hold of the table can't sign in by it."""
    await accounts.sign_up(work, new_user(), PASSWORD, CLIENT, at=NOON)

    kept = await work.users.find_credentials("ada")

    assert kept is not None and kept.password_hash is not None
    assert PASSWORD not in kept.password_hash
    assert await accounts.passwords.verify(kept.password_hash, PASSWORD)


async def test_who_can_not_sign_up_is_not_signed_in(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given
) -> None:
    """The one whose name it is has neither a session more nor another password."""
    ada = await given.a_user(username="ada", password=PASSWORD)
    before = await work.users.find_credentials("ada")

    with pytest.raises(domain.AlreadyTaken):
        await accounts.sign_up(work, new_user(), "another password", CLIENT, at=NOON)

    assert await work.users.count(EVERYONE) == 1
    assert await work.users.find_credentials("ada") == before
    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == []


@pytest.mark.parametrize("login", ["ada", " ADA ", "ada@example.com", "Ada@Example.COM"])
async def test_either_name_signs_in_whatever_its_case(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given, login: str
) -> None:
    """People type as they please, but for the password."""
    ada = await given.a_user(username="ada", password=PASSWORD)

    admission = await accounts.sign_in(work, login, PASSWORD, CLIENT, at=NOON)

    assert admission.user == ada
    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == [admission.session]


async def test_each_sign_in_is_a_session_of_its_own(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given
) -> None:
    """Signing out on one device leaves the others signed in."""
    ada = await given.a_user(username="ada", password=PASSWORD)

    one, other = [
        await accounts.sign_in(work, "ada", PASSWORD, client, at=NOON)
        for client in (CLIENT, ELSEWHERE)
    ]

    assert one.token != other.token
    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == [other.session, one.session]


@pytest.mark.parametrize(
    ("login", "password"),
    [
        pytest.param("ada", "another password", id="wrong-password"),
        pytest.param("ada", PASSWORD.upper(), id="case-of-the-password"),
        pytest.param("ada", f"{PASSWORD} ", id="a-space-more"),
        pytest.param("ada", "", id="empty"),
        pytest.param("ada", "x" * 1_000_000, id="a-megabyte"),
        pytest.param("eve", PASSWORD, id="unknown-user"),
        pytest.param("", PASSWORD, id="no-login"),
        pytest.param("bob", PASSWORD, id="no-password"),
        pytest.param("bob", "", id="no-password-and-none-given"),
    ],
)
async def test_all_else_is_refused_with_the_same_words(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given, login: str, password: str
) -> None:
    """Nobody learns whether there is such a user, and nobody has a session."""
    ada = await given.a_user(username="ada", password=PASSWORD)
    bob = await given.a_user(username="bob")

    with pytest.raises(domain.WrongCredentials, match="That login and password do not go"):
        await accounts.sign_in(work, login, password, CLIENT, at=NOON)

    sessions = [await work.sessions.get_many_by_user(user.id, at=NOON) for user in (ada, bob)]
    assert sessions == [[], []]


@pytest.mark.parametrize(
    ("typed_first", "typed_later"),
    [
        pytest.param("cr\u00e8me caramel", "cre\u0300me caramel", id="composed-first"),
        pytest.param("cre\u0300me caramel", "cr\u00e8me caramel", id="decomposed-first"),
    ],
)
async def test_a_password_is_the_same_from_every_keyboard(
    work: domain.UnitOfWork,
    accounts: domain.Accounts,
    typed_first: str,
    typed_later: str,
) -> None:
    """One sends é as one character and the next as two."""
    await accounts.sign_up(work, new_user(), typed_first, CLIENT, at=NOON)

    admission = await accounts.sign_in(work, "ada", typed_later, CLIENT, at=NOON)

    assert admission.user.username == "ada"


async def test_an_outdated_hash_is_replaced(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given
) -> None:
    """At the only moment when the password is known; the next time there is nothing to do."""
    await given.a_user(username="ada", password=PASSWORD)
    old = await work.users.find_credentials("ada")

    with Argon2Passwords(replace(CHEAPEST, time_cost=2)) as dearer:
        tightened = replace(accounts, passwords=dearer)
        with pytest.raises(domain.WrongCredentials):
            await tightened.sign_in(work, "ada", "another password", CLIENT, at=NOON)
        untouched = await work.users.find_credentials("ada")
        await tightened.sign_in(work, "ada", PASSWORD, CLIENT, at=NOON)
        renewed = await work.users.find_credentials("ada")
        await tightened.sign_in(work, "ada", PASSWORD, CLIENT, at=NOON)

    assert untouched == old
    assert renewed is not None and "t=2" in (renewed.password_hash or "")
    assert await work.users.find_credentials("ada") == renewed


async def test_the_right_password_does_not_help_once_it_was_tried_too_often(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given
) -> None:
    """Or the answer to one guess too many would still be worth having."""
    ada = await given.a_user(username="ada", password=PASSWORD)
    limited = replace(accounts, limits=RateLimits(TWICE))
    for _ in range(2):
        with pytest.raises(domain.WrongCredentials):
            await limited.sign_in(work, "ada", "another password", CLIENT, at=NOON)

    with pytest.raises(domain.TooManyAttempts):
        await limited.sign_in(work, "ada", PASSWORD, ELSEWHERE, at=NOON)

    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == []


async def test_the_right_password_forgets_the_wrong_ones(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given
) -> None:
    """Who mistypes now and then is never locked out."""
    await given.a_user(username="ada", password=PASSWORD)
    limited = replace(accounts, limits=RateLimits(TWICE))

    for _ in range(3):
        with pytest.raises(domain.WrongCredentials):
            await limited.sign_in(work, "ada", "another password", CLIENT, at=NOON)
        admission = await limited.sign_in(work, "ada", PASSWORD, CLIENT, at=NOON)

    assert admission.user.username == "ada"


async def test_a_taken_name_counts_as_an_attempt_to_sign_up(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given
) -> None:
    """It tells that there is such a user; and who tried too often has no account, nor an answer."""
    await given.a_user(username="ada")
    limited = replace(accounts, limits=RateLimits(TWICE))
    for _ in range(2):
        with pytest.raises(domain.AlreadyTaken):
            await limited.sign_up(work, new_user("ada"), PASSWORD, CLIENT, at=NOON)

    for username in ("ada", "bob"):
        with pytest.raises(domain.TooManyAttempts):
            await limited.sign_up(work, new_user(username), PASSWORD, CLIENT, at=NOON)

    assert await work.users.count(EVERYONE) == 1


async def test_a_user_is_one_account_by_whatever_login(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given
) -> None:
    """Or there would be twice as many guesses at a password."""
    await given.a_user(username="ada", password=PASSWORD)
    limited = replace(accounts, limits=RateLimits(TWICE))
    for login in ("ada", "ada@example.com"):
        with pytest.raises(domain.WrongCredentials):
            await limited.sign_in(work, login, "another password", CLIENT, at=NOON)

    with pytest.raises(domain.TooManyAttempts):
        await limited.sign_in(work, "ada", PASSWORD, CLIENT, at=NOON)


async def test_a_new_password_takes_the_place_of_the_old(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given
) -> None:
    """Whoever had the old one is out, wherever they were in."""
    ada = await given.a_user(username="ada", password=PASSWORD)
    for _ in range(2):
        await accounts.sign_in(work, "ada", PASSWORD, CLIENT, at=NOON)

    ended = await accounts.set_password(work, ada.id, "another password")

    assert ended == 2
    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == []
    with pytest.raises(domain.WrongCredentials):
        await accounts.sign_in(work, "ada", PASSWORD, CLIENT, at=NOON)
    admission = await accounts.sign_in(work, "ada", "another password", CLIENT, at=NOON)
    assert admission.user == ada


async def test_a_new_password_keeps_to_the_rules(
    work: domain.UnitOfWork, accounts: domain.Accounts, given: Given
) -> None:
    """The same as at signing up, and the old one stays."""
    ada = await given.a_user(username="ada", password=PASSWORD)

    with pytest.raises(domain.InvalidInput):
        await accounts.set_password(work, ada.id, "short")
    with pytest.raises(domain.NotFound):
        await accounts.set_password(work, domain.UserId(2**62), "another password")

    assert (await accounts.sign_in(work, "ada", PASSWORD, CLIENT, at=NOON)).user == ada


class Interrupted(Argon2Passwords):
    """Verifies a password, while something else happens."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__(CHEAPEST)
        self._meanwhile = meanwhile

    async def verify(self, password_hash: str | None, password: str) -> bool:
        is_right = await super().verify(password_hash, password)
        await self._meanwhile()
        return is_right


@pytest.mark.parametrize("change", ["password", "user"])
async def test_nobody_gets_in_with_what_was_right_a_moment_ago(
    store: Store, work: domain.UnitOfWork, accounts: domain.Accounts, given: Given, change: str
) -> None:
    """Hashing takes long enough for a password to be replaced, or a user to go."""
    ada = await given.a_user(username="ada", password=PASSWORD)

    async def meanwhile() -> None:
        async with store.unit_of_work() as other:
            if change == "user":
                await other.transaction(lambda: other.users.delete(ada.id))
            else:
                await accounts.set_password(other, ada.id, "another password")

    with Interrupted(meanwhile) as passwords:
        slow = replace(accounts, passwords=passwords)
        with pytest.raises(domain.WrongCredentials):
            await slow.sign_in(work, "ada", PASSWORD, CLIENT, at=NOON)

    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == []
