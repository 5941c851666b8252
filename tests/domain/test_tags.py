"""What a post's tags may be called."""

from __future__ import annotations

import pytest

import domain
from domain.tags import MAX_TAGS
from tests.domain.entities import ADA, NOON, problem_paths


def tagged(*names: str) -> domain.NewPost:
    return domain.NewPost.write(author_id=ADA.id, title="A title", body="", tags=names, at=NOON)


@pytest.mark.parametrize(
    ("name", "kept"), [("python", "python"), (" GraphQL ", "graphql"), ("c-3", "c-3")]
)
def test_a_tag_is_kept_in_lower_case(name: str, kept: str) -> None:
    """One subject is one tag, however it is typed."""
    assert tagged(name).tags == (kept,)


def test_a_tag_counts_once() -> None:
    """Whoever names it twice means no more by it."""
    names = [f"tag-{n}" for n in range(MAX_TAGS)]

    post = tagged(*names, "TAG-0", " tag-1 ")

    assert post.tags == (*names,)


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "two words", "c++", "é", "a\nb", "\u200f"])
def test_another_name_is_refused(name: str) -> None:
    """A tag is a word in an address; the problem says which of them it is."""
    with pytest.raises(domain.InvalidInput) as caught:
        tagged("fine", name, "fine-2")

    assert problem_paths(caught.value) == ["tags.1"]


def test_the_longest_name_fits() -> None:
    """The limit is included."""
    assert tagged("x" * 40).tags == ("x" * 40,)


def test_a_post_has_only_so_many_tags() -> None:
    """One problem of them all; what each is called does not matter any more."""
    with pytest.raises(domain.InvalidInput) as caught:
        tagged(*(f"not fine {n}" for n in range(MAX_TAGS + 1)))

    assert problem_paths(caught.value) == ["tags"]


@pytest.mark.parametrize("name", ["fine", "not fine"])
def test_a_tag_is_not_named_without_end(name: str) -> None:
    """Or each of a hundred thousand names would be told what is wrong with it."""
    with pytest.raises(domain.InvalidInput) as caught:
        tagged(*[name] * 100_000)

    assert problem_paths(caught.value) == ["tags"]
