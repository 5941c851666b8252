"""How texts are measured, and what slugs are made of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain
from domain.text import SLUG_LENGTH, slugify
from tests.domain.entities import DRAFT, LATER, NOON, problem_fields


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("First steps", "first-steps"),
        ("  First -- steps!  ", "first-steps"),
        ("Crème brûlée", "creme-brulee"),
        ("ﬁne ½", "fine-12"),
        ("Ünïcödé ⅣI", "unicode-ivi"),
        ("C++ & C#", "c-c"),
        ("2026", "2026"),
    ],
)
def test_a_slug_is_the_title_in_plain_letters(title: str, slug: str) -> None:
    """A reader recognises the title in the address."""
    assert slugify(title) == slug


@pytest.mark.parametrize("title", ["", "!?", "你好", "مرحبا", "😀"])
def test_a_title_without_plain_letters_still_has_a_slug(title: str) -> None:
    """An address cannot end in nothing."""
    assert slugify(title) == "post"


def test_a_slug_is_cut_without_a_dash_at_its_end() -> None:
    """The cut may fall between two words."""
    title = "x" * (SLUG_LENGTH - 1) + " more"

    assert slugify(title) == "x" * (SLUG_LENGTH - 1)


@given(st.text(max_size=300))
def test_a_slug_is_always_fit_for_an_address(title: str) -> None:
    """Whatever the title holds, and slugging a slug changes nothing."""
    slug = slugify(title)

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= SLUG_LENGTH
    assert slugify(slug) == slug


@pytest.mark.parametrize("character", ["x", "é", "😀", "م"])
def test_lengths_are_counted_in_characters_after_trimming(character: str) -> None:
    """No alphabet is charged more than another, and white space at the ends is free."""
    full = character * 200

    post = domain.NewPost.write(author_id=DRAFT.author_id, title=f" {full}\n", body="", at=NOON)
    with pytest.raises(domain.InvalidInput) as caught:
        domain.NewPost.write(author_id=DRAFT.author_id, title=full + character, body="", at=NOON)

    assert post.title == full
    assert problem_fields(caught.value) == ["title"]


@pytest.mark.parametrize("separator", ["\n", "\r", "\t", "\0", "\x85", "\u2028", "\u2029"])
def test_a_title_is_one_line(separator: str) -> None:
    """It stands in lists, feeds and window titles."""
    with pytest.raises(domain.InvalidInput, match="One line"):
        DRAFT.edit(title=f"First{separator}steps", at=LATER)


@pytest.mark.parametrize("text", ["nul \0 byte", "lone \ud800 surrogate"])
def test_what_no_database_can_store_is_refused(text: str) -> None:
    """A client can send these as JSON escapes; storage would break on them instead of us."""
    with pytest.raises(domain.InvalidInput) as body:
        DRAFT.edit(body=text, at=LATER)
    with pytest.raises(domain.InvalidInput) as comment:
        domain.NewComment.reply(DRAFT, author_id=DRAFT.author_id, body=text, at=NOON)

    assert problem_fields(body.value) == ["body"]
    assert problem_fields(comment.value) == ["body"]
