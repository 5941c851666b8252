"""What a tag may be called."""

from __future__ import annotations

import pytest

import domain
from tests.domain.entities import NOON, problem_fields


@pytest.mark.parametrize(
    ("name", "kept"), [("python", "python"), (" GraphQL ", "graphql"), ("c-3", "c-3")]
)
def test_a_tag_is_kept_in_lower_case(name: str, kept: str) -> None:
    """One subject is one tag, however it is typed."""
    assert domain.NewTag.named(name, at=NOON) == domain.NewTag(name=kept, created_at=NOON)


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "two words", "c++", "é", "a\nb"])
def test_another_name_is_refused(name: str) -> None:
    """A tag is a word in an address."""
    with pytest.raises(domain.InvalidInput) as caught:
        domain.NewTag.named(name, at=NOON)

    assert problem_fields(caught.value) == ["name"]
