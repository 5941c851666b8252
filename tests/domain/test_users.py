"""What a user may be called, and how users change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import domain
from domain.passwords import compose
from domain.users import fold_login
from tests.domain.entities import ADA, LATER, NOON, problem_paths
from tests.factories import PASSWORD


def sign_up(**different: Any) -> domain.NewUser:
    """Sign Ada up, but for what is different."""
    fields = {"username": "ada", "email": "ada@example.com", "password": PASSWORD, "at": NOON}
    return domain.NewUser.sign_up(**{**fields, **different})


def test_names_and_addresses_are_folded() -> None:
    """So that one person cannot sign up twice by shouting."""
    user = sign_up(username=" Ada_1 ", email=" Ada@Example.COM ")

    assert (user.username, user.email) == ("ada_1", "ada@example.com")


@pytest.mark.parametrize(
    ("one", "another"),
    [
        pytest.param("ada@ex\u00e4mple.com", "ADA@xn--exmple-cua.com", id="domain-in-ascii"),
        pytest.param("\u00c9va@example.com", "e\u0301va@example.com", id="accent-apart"),
        pytest.param("J\u030cim@example.com", "\u01f0im@example.com", id="accent-on-a-capital"),
    ],
)
def test_an_address_is_kept_one_way_however_it_is_written(one: str, another: str) -> None:
    """Mail to both arrives in the same place, so they have one account."""
    assert fold_login(one) == fold_login(another)
    assert ADA.edit(email=one, at=LATER) == ADA.edit(email=another, at=LATER)


def test_a_new_user_is_a_member_who_is_shown_by_username() -> None:
    """Nobody signs up into a role, and everybody has a name to show."""
    user = sign_up(username="Ada")

    assert (user.role, user.display_name, user.created_at) == (domain.Role.MEMBER, "ada", NOON)


def test_a_display_name_is_trimmed_and_keeps_its_case() -> None:
    """It is for people to read, not to tell users apart."""
    assert sign_up(display_name=" Ada L. ").display_name == "Ada L."


def test_a_password_is_no_part_of_a_user() -> None:
    """Nor of what a log would show of one."""
    assert PASSWORD not in repr(sign_up())


@pytest.mark.parametrize("username", ["abc", "a" * 50, "_0_", "ABC"])
def test_a_username_of_plain_characters_is_accepted(username: str) -> None:
    """From 3 to 50 of them, both included."""
    assert sign_up(username=username).username == username.lower()


@pytest.mark.parametrize("username", ["", "ab", "a" * 51, "a b", "a-b", "ádá", "ada\n.", "ada!"])
def test_another_username_is_refused(username: str) -> None:
    """It stands in addresses and mentions, where anything else would need quoting."""
    with pytest.raises(domain.InvalidInput) as signed_up:
        sign_up(username=username)
    with pytest.raises(domain.InvalidInput) as edited:
        ADA.edit(username=username, at=LATER)

    assert problem_paths(signed_up.value) == problem_paths(edited.value) == ["username"]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "@",
        "ada@",
        "@example.com",
        "a@b@c",
        "a d@a.com",
        "ada@localhost",
        "ada..l@a.com",
        "a\0da@a.com",
        "ada\ud800@a.com",
        "a" * 250 + "@b.com",
        "a" * 1_000_000 + "@b.com",
    ],
    ids=lambda email: ascii(email[:20]),
)
def test_an_address_that_cannot_be_one_is_refused(email: str) -> None:
    """The rest only a message sent there can tell."""
    with pytest.raises(domain.InvalidInput) as signed_up:
        sign_up(email=email)
    with pytest.raises(domain.InvalidInput) as edited:
        ADA.edit(email=email, at=LATER)

    assert problem_paths(signed_up.value) == problem_paths(edited.value) == ["email"]


@pytest.mark.parametrize(
    "password",
    [
        "x" * 12,
        "x" * 1_024,
        "😀" * 12,
        " " + "x" * 11,
        "correct horse battery staple",
        "é\u0301" * 6,
    ],
    ids=lambda password: ascii(password[:8]),
)
def test_a_password_of_any_characters_is_accepted(password: str) -> None:
    """From 12 to 1,024 of them, both included, and all of them count."""
    assert sign_up(password=password) == sign_up()


@pytest.mark.parametrize(
    "password",
    ["", "x" * 11, "x" * 1_025, "😀" * 11, " " * 12, "\u200b" * 12, "x" * 12 + "\0", "x\ud800" * 6],
    ids=lambda password: ascii(password[:8]),
)
def test_another_password_is_refused(password: str) -> None:
    """Too short to be safe, too long to be meant, or nothing that one could type again."""
    with pytest.raises(domain.InvalidInput) as caught:
        sign_up(password=password)

    assert problem_paths(caught.value) == ["password"]


def test_all_problems_are_told_at_once() -> None:
    """A form is corrected in one go, not field by field."""
    with pytest.raises(domain.InvalidInput) as signed_up:
        sign_up(username="?", email="?", password="?", display_name="?" * 101)  # noqa: S106 (is refused)
    with pytest.raises(domain.InvalidInput) as edited:
        ADA.edit(username="?", email="?", display_name="?\n" * 101, bio="?" * 2_001, at=LATER)

    assert problem_paths(signed_up.value) == ["username", "email", "displayName", "password"]
    assert problem_paths(edited.value) == ["username", "email", "displayName", "displayName", "bio"]
    assert all(problem.message in str(edited.value) for problem in edited.value.problems)


def test_an_edit_changes_what_is_told_and_no_more() -> None:
    """What is None stays; the key, the role and the beginning always do."""
    edited = ADA.edit(
        username=" Countess ",
        email=" Countess@Example.com ",
        display_name=" The Countess ",
        bio=" Numbers. ",
        at=LATER,
    )

    assert edited == replace(
        ADA,
        username="countess",
        email="countess@example.com",
        display_name="The Countess",
        bio="Numbers.",
        updated_at=LATER,
    )
    assert ADA.edit(at=LATER) == replace(ADA, updated_at=LATER)


def test_a_bio_can_be_taken_back() -> None:
    """It is the one text that may be empty, and lines are free."""
    described = ADA.edit(bio="One.\n\nTwo.", at=LATER)

    assert described.bio == "One.\n\nTwo."
    assert described.edit(bio="", at=LATER).bio == ""


@pytest.mark.parametrize(
    ("display_name", "bio", "paths"),
    [
        pytest.param(" ", "", ["displayName"], id="blank-name"),
        pytest.param("Ada\nLovelace", "", ["displayName"], id="two-lines"),
        pytest.param("x" * 100, "y" * 2_001, ["bio"], id="long-bio"),
        pytest.param("x" * 101, "y" * 2_001, ["displayName", "bio"], id="both"),
        pytest.param("Ada", "\0", ["bio"], id="unkeepable"),
    ],
)
def test_a_description_has_its_limits(display_name: str, bio: str, paths: list[str]) -> None:
    """They hold after trimming, for each field on its own."""
    with pytest.raises(domain.InvalidInput) as caught:
        ADA.edit(display_name=display_name, bio=bio, at=LATER)

    assert problem_paths(caught.value) == paths


def test_a_password_is_measured_as_it_is_kept() -> None:
    """An accent that is typed apart makes it no longer, and no shorter."""
    accented = "e\u0301"

    with pytest.raises(domain.InvalidInput):
        sign_up(password=accented * 6)

    assert sign_up(password=accented * 1_024) == sign_up()


def test_a_password_without_end_is_left_as_it_is() -> None:
    """Composing marks takes the square of their number: minutes, of a megabyte of them."""
    marks = "a" + "\u0300\u0316" * 500_000

    assert compose(marks) is marks
