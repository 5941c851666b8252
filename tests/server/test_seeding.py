"""Seeding a database: all of the demo or nothing, and never over what is there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import domain
from persistence import Database
from server.demo import PASSWORD, USERS_TO_TRY, DatabaseNotEmpty, Sizes, seed
from tests.factories import Given, signed_in

SMALL = Sizes(users=20, posts=60, comments=150)


def ignore(table: str, loaded: int, *, total: int) -> None:
    """Hear of progress, and do nothing about it."""


async def usernames(database: Database) -> list[str]:
    by_name = domain.Order(domain.UserOrderField.USERNAME, descending=False)
    request = domain.PageRequest(size=100, order=by_name, filter=domain.UserFilter())
    async with database.unit_of_work() as work:
        return [user.username for user in (await work.users.page(request)).items]


async def test_the_demo_is_as_large_as_asked_for(database: Database, given: Given) -> None:
    """Measurements can be compared."""
    await seed(database, SMALL, ignore)

    admin = signed_in(await given.a_user(role=domain.Role.ADMIN))
    async with database.unit_of_work(admin) as work:
        assert await work.users.count(domain.UserFilter()) == SMALL.users + 1
        assert await work.posts.count(domain.PostFilter()) == SMALL.posts
        assert await work.comments.count(None) == SMALL.comments
        assert await work.tags.count(None) == SMALL.tags


async def test_the_demo_can_be_written_on(database: Database, given: Given) -> None:
    """The next keys are free, whatever the database counts them by."""
    await seed(database, SMALL, ignore)

    author, tag = await given.a_user(), await given.a_tag()
    post = await given.a_post(by=author, tags=[tag])
    comment = await given.a_comment(on=post, by=author)

    assert author.id > SMALL.users and tag.id > SMALL.tags
    assert post.id > SMALL.posts and comment.id > SMALL.comments


async def test_the_demos_users_sign_in_with_its_password(
    database: Database, accounts: domain.Accounts
) -> None:
    """Each of them, in any database that was given the hash."""
    password_hash = await accounts.passwords.hash(PASSWORD)
    at, client = datetime.now(UTC), domain.Client("127.0.0.1")

    await seed(database, SMALL, ignore, password_hash=password_hash)

    async with database.unit_of_work() as work:
        for name in USERS_TO_TRY.values():
            admission = await accounts.sign_in(work, name, PASSWORD, client, at=at)
            assert admission.user.username == name


async def test_without_a_password_nobody_signs_in(
    database: Database, accounts: domain.Accounts
) -> None:
    """An admin with a known password would be an open door."""
    at, client = datetime.now(UTC), domain.Client("127.0.0.1")

    await seed(database, SMALL, ignore)

    async with database.unit_of_work() as work:
        for guess in (PASSWORD, "", "None"):
            with pytest.raises(domain.WrongCredentials):
                name = USERS_TO_TRY[domain.Role.ADMIN]
                await accounts.sign_in(work, name, guess, client, at=at)


async def test_progress_is_told_from_nothing_to_all(database: Database) -> None:
    """A bar can be drawn for each table, and is full in the end."""
    heard: list[tuple[str, int, int]] = []

    await seed(
        database, SMALL, lambda table, loaded, *, total: heard.append((table, loaded, total))
    )

    started = {table for table, loaded, _ in heard if loaded == 0}
    finished = {table for table, loaded, total in heard if loaded == total}
    assert started == finished == {"users", "tags", "posts", "post_tags", "comments"}


async def test_a_database_in_use_is_left_alone(database: Database, given: Given) -> None:
    """A demo among somebody's own writing could not be taken out again."""
    user = await given.a_user()

    with pytest.raises(DatabaseNotEmpty, match="not empty"):
        await seed(database, SMALL, ignore)

    assert await usernames(database) == [user.username]


async def test_the_demo_can_replace_what_there_is(database: Database, given: Given) -> None:
    """Going back to the start takes one command."""
    user = await given.a_user()

    await seed(database, SMALL, ignore, replace=True)

    names = await usernames(database)
    assert user.username not in names
    assert len(names) == SMALL.users


async def test_a_replacement_that_fails_brings_everything_back(
    database: Database, given: Given
) -> None:
    """Deleting and seeding are one transaction."""
    user = await given.a_user()

    def fail(table: str, loaded: int, *, total: int) -> None:
        if table == "comments":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await seed(database, SMALL, fail, replace=True)

    assert await usernames(database) == [user.username]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"users": 3}, "4 users"),
        ({"tags": 0}, "1 tag"),
        ({"posts": 0}, "1 post"),
        ({"comments": -1}, "comments"),
    ],
)
def test_sizes_that_cannot_be_are_refused(wrong: dict[str, int], reason: str) -> None:
    """A sentence tells what to ask for instead."""
    with pytest.raises(ValueError, match=reason):
        Sizes(**wrong)
