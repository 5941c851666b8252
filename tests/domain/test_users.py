"""What a user may be called, and how users change."""

from __future__ import annotations

import pytest

import domain
from tests.domain.entities import ADA, LATER, NOON, problem_fields


def test_names_and_addresses_are_folded() -> None:
    """So that one person cannot sign up twice by shouting."""
    user = domain.NewUser.sign_up(username=" Ada_1 ", email=" Ada@Example.COM ", at=NOON)

    assert (user.username, user.email) == ("ada_1", "ada@example.com")


def test_a_new_user_is_a_member_who_is_shown_by_username() -> None:
    """Nobody signs up into a role, and everybody has a name to show."""
    user = domain.NewUser.sign_up(username="Ada", email="ada@example.com", at=NOON)

    assert (user.role, user.display_name, user.created_at) == (domain.Role.MEMBER, "ada", NOON)


def test_a_display_name_is_trimmed_and_keeps_its_case() -> None:
    """It is for people to read, not to tell users apart."""
    user = domain.NewUser.sign_up(
        username="ada", email="ada@example.com", display_name=" Ada L. ", at=NOON
    )

    assert user.display_name == "Ada L."


@pytest.mark.parametrize("username", ["abc", "a" * 50, "_0_", "ABC"])
def test_a_username_of_plain_characters_is_accepted(username: str) -> None:
    """From 3 to 50 of them, both included."""
    user = domain.NewUser.sign_up(username=username, email="ada@example.com", at=NOON)

    assert user.username == username.lower()


@pytest.mark.parametrize("username", ["", "ab", "a" * 51, "a b", "a-b", "ádá", "ada\n.", "ada!"])
def test_another_username_is_refused(username: str) -> None:
    """It stands in addresses and mentions, where anything else would need quoting."""
    with pytest.raises(domain.InvalidInput) as caught:
        domain.NewUser.sign_up(
            username=username, email="ada@example.com", display_name="Ada", at=NOON
        )

    assert problem_fields(caught.value) == ["username"]


@pytest.mark.parametrize(
    "email", ["", "ada", "@", "ada@", "@example.com", "a@b@c", "a d@a.com", "a" * 250 + "@b.com"]
)
def test_an_address_that_cannot_be_one_is_refused(email: str) -> None:
    """The rest only a message sent there can tell."""
    with pytest.raises(domain.InvalidInput) as caught:
        domain.NewUser.sign_up(username="ada", email=email, at=NOON)

    assert problem_fields(caught.value) == ["email"]


def test_all_problems_are_told_at_once() -> None:
    """A form is corrected in one go, not field by field."""
    with pytest.raises(domain.InvalidInput) as caught:
        domain.NewUser.sign_up(username="?", email="?", display_name="?" * 101, at=NOON)

    assert problem_fields(caught.value) == ["username", "email", "displayName"]
    assert all(problem.message in str(caught.value) for problem in caught.value.problems)


def test_describing_oneself_keeps_who_one_is() -> None:
    """Only what is shown changes, and when."""
    described = ADA.describe(display_name=" Countess ", bio=" Numbers. ", at=LATER)

    assert (described.display_name, described.bio) == ("Countess", "Numbers.")
    assert (described.id, described.username, described.role) == (ADA.id, "ada", ADA.role)
    assert described.updated_at == LATER


@pytest.mark.parametrize(
    ("display_name", "bio", "fields"),
    [
        pytest.param(" ", "", ["displayName"], id="blank-name"),
        pytest.param("Ada\nLovelace", "", ["displayName"], id="two-lines"),
        pytest.param("x" * 100, "y" * 2_001, ["bio"], id="long-bio"),
        pytest.param("x" * 101, "y" * 2_001, ["displayName", "bio"], id="both"),
    ],
)
def test_a_description_has_its_limits(display_name: str, bio: str, fields: list[str]) -> None:
    """They hold after trimming, for each field on its own."""
    with pytest.raises(domain.InvalidInput) as caught:
        ADA.describe(display_name=display_name, bio=bio, at=LATER)

    assert problem_fields(caught.value) == fields
