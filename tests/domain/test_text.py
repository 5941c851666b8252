"""How texts are measured, and what slugs are made of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain
from domain.text import SLUG_ATTEMPTS, SLUG_LENGTH, slugify
from tests.domain.entities import ADA, COMMENT, DRAFT, LATER, NOON, problem_paths


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("First steps", "first-steps"),
        ("  First -- steps!  ", "first-steps"),
        ("Crème brûlée", "creme-brulee"),
        ("Große Straße", "grosse-strasse"),
        ("Łódź, İstanbul", "lodz-istanbul"),
        ("ﬁne ½", "fine-1-2"),
        ("Ünïcödé ⅣI", "unicode-ivi"),
        ("Λέξη", "lexe"),
        ("Первые шаги", "pervye-shagi"),
        ("你好", "ni-hao"),
        ("Fun 😀 times", "fun-times"),
        ("C++ & C#", "c-c"),
        ("Fish &amp; chips &#65;", "fish-amp-chips-65"),
        ("2026", "2026"),
    ],
)
def test_a_slug_is_the_title_in_plain_letters(title: str, slug: str) -> None:
    """A reader recognises the title in the address, or at least hears it."""
    assert slugify(title) == slug


@pytest.mark.parametrize("title", ["", "!?", "😀", "\u200f", "…"])
def test_a_title_without_letters_still_has_a_slug(title: str) -> None:
    """An address cannot end in nothing."""
    assert slugify(title) == "post"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("x" * (SLUG_LENGTH - 1) + " more", "x" * (SLUG_LENGTH - 1)),
        ("word " * 40, "-".join(["word"] * 16)),
        ("x" * 200, "x" * SLUG_LENGTH),
    ],
)
def test_a_slug_is_cut_between_words(title: str, slug: str) -> None:
    """Without a dash at its end, and within a word only when there is no other way."""
    assert slugify(title) == slug


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
    assert problem_paths(caught.value) == ["title"]


@given(st.text(max_size=300))
def test_a_slug_in_use_has_others_like_it(title: str) -> None:
    """They begin with it, differ, and are as fit for an address; in the end there are no more."""
    slug = slugify(title)

    first, *others = domain.free_slugs(slug)

    assert first == slug
    assert len({*others}) == len(others) == SLUG_ATTEMPTS
    assert all(re.fullmatch(rf"{slug}-[0-9a-f]{{6}}", other) for other in others)


SEPARATORS = ["\n", "\r", "\t", "\0", "\x7f", "\x85", "\u2028", "\u2029"]
TURNERS = ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]


@pytest.mark.parametrize("character", [*SEPARATORS, *TURNERS], ids=ascii)
def test_titles_and_names_are_one_line_in_one_direction(character: str) -> None:
    """They stand in lists and feeds, where a mark that turns the text would turn its neighbours."""
    with pytest.raises(domain.InvalidInput, match="One line") as titled:
        DRAFT.edit(title=f"First{character}steps", at=LATER)
    with pytest.raises(domain.InvalidInput, match="One line") as named:
        ADA.edit(display_name=f"Ada{character}Lovelace", at=LATER)

    assert problem_paths(titled.value) == ["title"]
    assert problem_paths(named.value) == ["displayName"]


@pytest.mark.parametrize("text", ["שלום \u200f", "नि\u200dत", "👩\u200d👧", "a\u00adb", "مرحبا"])
def test_marks_that_writing_needs_are_kept(text: str) -> None:
    """Joiners shape letters and faces, and whole languages run from right to left."""
    assert DRAFT.edit(title=f"A {text}.", at=LATER).post.title == f"A {text}."
    assert COMMENT.reword(f"{text}\u202a.", at=LATER).body == f"{text}\u202a."


BLANKS = ["", " ", "\n\t", "\u200f", "\u200b\u200d", "\u00a0\u3000", "\ufeff", "\u2060 \u00ad"]


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_what_nobody_can_see_is_nothing(blank: str) -> None:
    """A title, a name or a comment of white space and marks would look like a fault of ours."""
    with pytest.raises(domain.InvalidInput, match="Something has to be written") as titled:
        DRAFT.edit(title=blank, at=LATER)
    with pytest.raises(domain.InvalidInput, match="Something has to be written") as named:
        ADA.edit(display_name=blank, at=LATER)
    with pytest.raises(domain.InvalidInput, match="Something has to be written") as replied:
        COMMENT.reword(blank, at=LATER)

    found = [problem_paths(each.value) for each in (titled, named, replied)]
    assert found == [["title"], ["displayName"], ["body"]]


@pytest.mark.parametrize("text", ["nul \0 byte", "lone \ud800 surrogate"])
def test_what_no_database_can_store_is_refused(text: str) -> None:
    """A client can send these as JSON escapes; storage would break on them instead of us."""
    with pytest.raises(domain.InvalidInput) as body:
        DRAFT.edit(body=text, at=LATER)
    with pytest.raises(domain.InvalidInput) as comment:
        domain.NewComment.reply(DRAFT, author_id=DRAFT.author_id, body=text, at=NOON)

    assert problem_paths(body.value) == ["body"]
    assert problem_paths(comment.value) == ["body"]
