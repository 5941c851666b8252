"""Changing one's profile."""

from __future__ import annotations

import pytest

from tests.factories import Given, signed_in
from tests.schema.mutations.conftest import Mutate, ReadAll
from tests.schema.mutations.documents import kind_of

PROFILE = "user { username email displayName bio }"


async def test_a_profile_changes_as_told(given: Given, mutate: Mutate) -> None:
    """Names and addresses are folded, texts are trimmed, and the owner sees the address."""
    ada = await given.a_user(username="ada")

    outcome = await mutate(
        "updateProfile",
        PROFILE + " user { updatedAt }",
        viewer=signed_in(ada),
        username=" Ada_L ",
        email="Ada@Example.org",
        displayName=" Ada Lovelace ",
        bio="\nCounts.\n",
    )

    assert outcome["user"].pop("updatedAt") is not None
    assert outcome["user"] == {
        "username": "ada_l",
        "email": "ada@example.org",
        "displayName": "Ada Lovelace",
        "bio": "Counts.",
    }


async def test_what_is_left_out_or_null_stays(given: Given, mutate: Mutate) -> None:
    """And nobody stands in their own way."""
    ada = signed_in(await given.a_user(username="ada"))
    await mutate("updateProfile", viewer=ada, bio="Counts.")

    outcome = await mutate(
        "updateProfile", PROFILE, viewer=ada, username="ADA", email=None, displayName=None
    )

    assert outcome["user"] == {
        "username": "ada",
        "email": "ada@example.com",
        "displayName": "ada",
        "bio": "Counts.",
    }


@pytest.mark.parametrize("field", ["username", "email"])
async def test_what_another_has_is_taken_whatever_the_case(
    given: Given, mutate: Mutate, read_all: ReadAll, field: str
) -> None:
    """The field is told by its name in the input, and the rest of the input is not kept."""
    ada = signed_in(await given.a_user(username="ada"))
    await given.a_user(username="bob")
    others = {"username": "BOB", "email": "BOB@example.com"}
    before = await read_all()

    outcome = await mutate("updateProfile", viewer=ada, bio="Anew.", **{field: others[field]})

    assert outcome == {
        "__typename": "AlreadyTaken",
        "message": f"That {field} is already taken.",
        "field": field,
    }
    assert await read_all() == before


async def test_all_problems_come_at_once(given: Given, mutate: Mutate, read_all: ReadAll) -> None:
    """Each under its name in the input."""
    ada = signed_in(await given.a_user(username="ada"))
    before = await read_all()

    outcome = await mutate(
        "updateProfile",
        viewer=ada,
        username="?",
        email="?",
        displayName=" ",
        bio="x" * 2_001,
    )

    assert kind_of(outcome) == "InvalidInput"
    assert {problem["path"][0] for problem in outcome["fields"]} == {
        "username",
        "email",
        "displayName",
        "bio",
    }
    assert await read_all() == before
