"""IDs and cursors of every kind, in every place of the schema that takes one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.client import operation
from tests.fuzz.conftest import Explore
from tests.fuzz.places import Place, found_in, places
from tests.fuzz.positions import cursors, ids
from tests.fuzz.rounds import ROUND
from tests.fuzz.target import Target

PLACES = places()


def test_every_kind_of_place_is_found() -> None:
    """What a search through the schema overlooks is never tried."""
    names = {each.name for each in PLACES}

    assert {
        "node.id",
        "nodes.ids",
        "user.by.id",
        "posts.filter.author",
        "posts.after",
        "posts.nodes.comments.before",
        "updatePost.input.id",
        "addComment.input.postId",
    } <= names


@pytest.mark.fuzz
def test_positions_of_any_kind_do_no_harm(target: Target, explored: Explore) -> None:
    """Genuine ones of other lists, damaged ones, and those that an attacker would make."""
    target.refresh()
    shown = {each: genuine_positions(target, each) for each in PLACES if each.is_cursor}
    everything = [text for texts in shown.values() for text in texts]

    def asked(place: Place) -> st.SearchStrategy[tuple[Place, list[str]]]:
        texts = (
            cursors(shown[place] or everything, everything) if place.is_cursor else ids(everything)
        )
        return st.tuples(st.just(place), st.lists(texts, min_size=1, max_size=3))

    @ROUND
    @given(st.sampled_from(PLACES).flatmap(asked), st.sampled_from([None, "member", "moderator"]))
    def claim(asked: tuple[Place, list[str]], who: str | None) -> None:
        place, values = asked
        token = target.tokens.get(who or "")
        target.ask(operation(place.document, place.variables(*values), token=token))

    explored(claim)


def genuine_positions(target: Target, place: Place) -> list[str]:
    """Collect the IDs and cursors of the list that a place is of."""
    asked = operation(place.document, {"it": None}, token=target.tokens["moderator"])
    return sorted({*found_in(target.ask(asked), {"id", "cursor"})})
