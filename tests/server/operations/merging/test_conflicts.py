"""Fields of one response name are one field, or they are refused."""

from __future__ import annotations

import pytest

from tests.server.operations.merging.cases import CONFLICTING, MERGEABLE
from tests.server.operations.merging.documents import errors_of


@pytest.mark.parametrize("document", MERGEABLE.values(), ids=MERGEABLE.keys())
def test_fields_that_agree_are_merged(document: str) -> None:
    """A client composes what its parts need, and the parts may need the same."""
    assert errors_of(document) == []


@pytest.mark.parametrize("document", CONFLICTING.values(), ids=CONFLICTING.keys())
def test_fields_that_differ_are_refused_once(document: str) -> None:
    """One name of the response can't have two answers, and one mistake is one error."""
    assert len(errors_of(document)) == 1


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{ post { x: id\nx: title } }", "'id' and 'title' are different fields"),
        ("{ post { x: title\nx: title(size: 1) } }", "they have different arguments"),
        (
            "{ hit { ... on Post { x: tags }\n... on Comment { x: tags } } }",
            "their types '[String]' and '[String!]' don't fit",
        ),
    ],
)
def test_a_conflict_says_why_where_and_what_helps(document: str, reason: str) -> None:
    """The two fields may stand in files far apart."""
    (error,) = errors_of(document)

    assert error.message == (
        f"Fields 'x' conflict: {reason}. Give one of them another name by an alias."
    )
    assert [each.line for each in error.locations or []] == [1, 2]


def test_a_conflict_is_reported_once_wherever_it_is_spread() -> None:
    """A fragment is wrong once, in however many places it is used."""
    document = """
        { post { ...F next { ...F id } } node { ...F title next { ...F } } }
        fragment F on Node { x: id x: title }
    """

    assert len(errors_of(document)) == 1


def test_a_name_is_reported_once_however_many_fields_share_it() -> None:
    """A thousand errors of one mistake help nobody."""
    fields = " ".join(["x: id", "x: title"] * 50)

    assert len(errors_of(f"{{ post {{ {fields} }} }}")) == 1


def test_fields_of_an_interface_conflict_with_those_of_the_object_that_differ() -> None:
    """The objects may differ from each other: the pair that is shown has to be the wrong one."""
    document = """
        { hit {
            ... on Post { x: id }
            ... on Comment { x: title }
            ... on Node { x: id }
        } }
    """

    (error,) = errors_of(document)

    assert [each.line for each in error.locations or []] == [5, 4]
