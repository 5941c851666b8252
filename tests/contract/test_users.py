"""The contract of `domain.UserRepository`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import domain
from tests.factories import NOON, PASSWORD, Given

pytestmark = pytest.mark.every_store

LATER = NOON + timedelta(hours=1)
HERS, HIS = domain.new_token(), domain.new_token()
NOBODY = domain.UserId(2**62)
ADA = domain.NewUser.sign_up(username="ada", email="ada@example.com", password=PASSWORD, at=NOON)
BY_NAME = domain.Order(domain.UserOrderField.USERNAME, descending=False)


async def test_what_is_created_is_what_is_read(work: domain.UnitOfWork) -> None:
    """A new user comes back with a key, and the same from then on."""
    new = replace(ADA, display_name="Ada 😀", bio="שלום", role=domain.Role.ADMIN)

    ada = await work.transaction(lambda: work.users.create(new))

    assert ada == domain.User(
        id=ada.id,
        username="ada",
        email="ada@example.com",
        display_name="Ada 😀",
        bio="שלום",
        role=domain.Role.ADMIN,
        created_at=NOON,
        updated_at=None,
    )
    assert await work.users.get(ada.id) == ada


async def test_a_missing_user_is_said_to_be_missing(work: domain.UnitOfWork) -> None:
    """Each read has its own way to say so."""
    assert await work.users.find(NOBODY) is None
    assert await work.users.get_many([NOBODY]) == {}
    assert await work.users.get_many_by_username(["nobody"]) == {}
    with pytest.raises(domain.NotFound, match="No such user"):
        await work.users.get(NOBODY)


async def test_many_are_found_by_key_and_by_name(work: domain.UnitOfWork, given: Given) -> None:
    """What does not exist is left out."""
    ada, bob = await given.a_user(username="ada"), await given.a_user(username="bob")

    assert await work.users.get_many([bob.id, NOBODY, ada.id]) == {ada.id: ada, bob.id: bob}
    assert await work.users.get_many_by_username(["bob", "eve"]) == {"bob": bob}


async def test_none_are_asked_for_and_none_found(work: domain.UnitOfWork) -> None:
    """An empty question is a question too."""
    assert await work.users.get_many([]) == {}
    assert await work.users.get_many_by_username([]) == {}


@pytest.mark.parametrize(
    ("username", "email", "field"),
    [
        pytest.param("Ada", "other@example.com", "username", id="username"),
        pytest.param("other", "ADA@Example.com", "email", id="email"),
    ],
)
async def test_a_name_and_an_address_have_one_user(
    work: domain.UnitOfWork, given: Given, username: str, email: str, field: str
) -> None:
    """Whatever their case; the error names the field to change."""
    await given.a_user(username="ada")
    rival = domain.NewUser.sign_up(username=username, email=email, password=PASSWORD, at=NOON)

    with pytest.raises(domain.AlreadyTaken) as caught:
        await work.transaction(lambda: work.users.create(rival))

    assert caught.value.field == field
    assert await work.users.count(domain.UserFilter()) == 1


async def test_a_changed_user_is_kept(work: domain.UnitOfWork, given: Given) -> None:
    """All of it, and nobody else's."""
    ada, bob = await given.a_user(), await given.a_user()
    edited = ada.edit(
        username="countess",
        email="countess@example.com",
        display_name="Countess",
        bio="Numbers.",
        at=LATER,
    )

    await work.transaction(lambda: work.users.update(edited))

    assert await work.users.get_many([ada.id, bob.id]) == {ada.id: edited, bob.id: bob}
    assert await work.users.get_many_by_username(["ada", "countess"]) == {"countess": edited}


async def test_an_update_may_change_nothing(work: domain.UnitOfWork, given: Given) -> None:
    """A database that counts changed rows only must not pass for one without the user."""
    ada = await given.a_user()

    await work.transaction(lambda: work.users.update(ada))

    assert await work.users.get(ada.id) == ada


@pytest.mark.parametrize("field", ["username", "email"])
async def test_an_update_cannot_take_anothers_name(
    work: domain.UnitOfWork, given: Given, field: str
) -> None:
    """The same rule as when signing up."""
    ada, bob = await given.a_user(), await given.a_user()
    rival = replace(bob, **{field: getattr(ada, field)})

    with pytest.raises(domain.AlreadyTaken) as caught:
        await work.transaction(lambda: work.users.update(rival))

    assert caught.value.field == field
    assert await work.users.get(bob.id) == bob


async def test_a_missing_user_is_not_written(work: domain.UnitOfWork, given: Given) -> None:
    """Nor made by an update."""
    ada = await given.a_user()
    nobody = replace(ada, id=NOBODY, username="eve", email="eve@a.com")

    with pytest.raises(domain.NotFound, match="No such user"):
        await work.transaction(lambda: work.users.get_for_update(NOBODY))
    with pytest.raises(domain.NotFound, match="No such user"):
        await work.transaction(lambda: work.users.update(nobody))
    with pytest.raises(domain.NotFound, match="No such user"):
        await work.transaction(lambda: work.users.delete(NOBODY))
    await work.transaction(lambda: work.users.update_credentials(domain.Credentials(NOBODY, "x")))

    assert await work.users.count(domain.UserFilter()) == 1


async def test_credentials_are_found_by_either_name(work: domain.UnitOfWork) -> None:
    """People type whichever they remember; whoever has no password is found as well."""
    ada = await work.transaction(lambda: work.users.create(ADA, "a hash"))
    bob = await work.transaction(
        lambda: work.users.create(replace(ADA, username="bob", email="bob@example.com"))
    )

    logins = ["ada", "ada@example.com", "bob", "eve", "eve@example.com", ""]
    found = [await work.users.find_credentials(login) for login in logins]

    hers, his = domain.Credentials(ada.id, "a hash"), domain.Credentials(bob.id, None)
    assert found == [hers, hers, his, None, None, None]


async def test_a_new_hash_replaces_the_old_one(work: domain.UnitOfWork, given: Given) -> None:
    """Of one user, of whom nothing else changes; and a changed profile keeps the hash."""
    ada, bob = await given.a_user(username="ada"), await given.a_user(username="bob")
    renewed = domain.Credentials(ada.id, "a hash")
    edited = ada.edit(bio="Numbers.", at=LATER)

    await work.transaction(lambda: work.users.update_credentials(renewed))
    after_credentials = await work.users.get(ada.id)
    await work.transaction(lambda: work.users.update(edited))

    assert after_credentials == ada
    assert await work.users.find_credentials("ada") == renewed
    assert await work.users.find_credentials("bob") == domain.Credentials(bob.id, None)


async def test_a_user_leaves_with_all_they_wrote(work: domain.UnitOfWork, given: Given) -> None:
    """Sessions, posts, their comments by whomever, and their comments on others' posts."""
    ada, bob = await given.a_user(), await given.a_user()
    hers = await given.a_post(by=ada, tags=[await given.a_tag()])
    await given.a_session(of=ada, token=HERS)
    session = await given.a_session(of=bob, token=HIS)
    his = await given.a_post(by=bob)
    on_hers = await given.a_comment(on=hers, by=bob)
    on_his = await given.a_comment(on=his, by=ada)
    his_own = await given.a_comment(on=his, by=bob)

    await work.transaction(lambda: work.users.delete(ada.id))

    assert await work.users.find(ada.id) is None
    assert await work.posts.get_many([hers.id, his.id]) == {his.id: his}
    assert await work.comments.get_many([on_hers.id, on_his.id, his_own.id]) == {
        his_own.id: his_own
    }
    found = [
        await work.sessions.find_by_token(domain.digest_of(token), at=NOON) for token in (HERS, HIS)
    ]
    assert found == [None, (session, bob.role)]


@pytest.mark.parametrize(
    ("filter", "usernames"),
    [
        pytest.param(domain.UserFilter(), ["ada", "adam", "eve"], id="all"),
        pytest.param(domain.UserFilter(username_prefix="ada"), ["ada", "adam"], id="prefix"),
        pytest.param(domain.UserFilter(username_prefix="adam"), ["adam"], id="whole-name"),
        pytest.param(domain.UserFilter(username_prefix="da"), [], id="middle"),
        pytest.param(domain.UserFilter(username_prefix="%"), [], id="no-pattern"),
        pytest.param(domain.UserFilter(role=domain.Role.ADMIN), ["eve"], id="role"),
        pytest.param(domain.UserFilter(joined_after=NOON), ["eve"], id="after"),
        pytest.param(domain.UserFilter(joined_before=LATER), ["ada", "adam"], id="before"),
        pytest.param(domain.UserFilter(username_prefix="a", role=domain.Role.ADMIN), [], id="both"),
    ],
)
async def test_a_filter_narrows_page_and_count_alike(
    work: domain.UnitOfWork, given: Given, filter: domain.UserFilter, usernames: list[str]
) -> None:
    """The count beside a page is the count of that list; moments are exclusive."""
    for username in ("ada", "adam"):
        await given.a_user(username=username)
    await given.a_user(username="eve", role=domain.Role.ADMIN, at=LATER)

    page = await work.users.page(domain.PageRequest(size=10, order=BY_NAME, filter=filter))

    assert [user.username for user in page.items] == usernames
    assert await work.users.count(filter) == len(usernames)
