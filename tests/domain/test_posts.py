"""How posts are written, edited and shown in brief."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from timeit import repeat, timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain
from domain.posts import MAX_BODY_LENGTH
from tests.domain.entities import DRAFT, LATER, NOON, problem_paths

PUBLISHED = replace(DRAFT, status=domain.PostStatus.PUBLISHED, published_at=NOON)
MARKDOWN = """\
# A *short* story

> Once upon a [time](https://example.com/time "then"),
1. there was `code`:

```python
pass
```

![A picture](picture.png) and ~~more~~ **text**.
"""


def test_writing_makes_a_draft() -> None:
    """Nothing is public by accident."""
    post = domain.NewPost.write(
        author_id=DRAFT.author_id, title=" First steps ", body=" Once. ", at=NOON
    )

    assert (post.title, post.slug, post.body) == ("First steps", "first-steps", "Once.")
    assert (post.status, post.published_at) == (domain.PostStatus.DRAFT, None)
    assert (post.version, post.created_at, post.tags) == (1, NOON, ())


def test_writing_can_publish_at_once() -> None:
    """Then it came out when it was written."""
    post = domain.NewPost.write(
        author_id=DRAFT.author_id, title="First steps", body="", publish=True, at=NOON
    )

    assert (post.status, post.published_at) == (domain.PostStatus.PUBLISHED, NOON)


def test_all_problems_are_told_at_once() -> None:
    """Writing and editing alike answer with everything that is wrong."""
    long, tags = "x" * 100_001, ["fine", "not fine", "ok", ""]

    with pytest.raises(domain.InvalidInput) as written:
        domain.NewPost.write(author_id=DRAFT.author_id, title=" ", body=long, tags=tags, at=NOON)
    with pytest.raises(domain.InvalidInput) as edited:
        DRAFT.edit(title="x\n" * 101, body=long, tags=tags, at=LATER)

    assert problem_paths(written.value) == ["title", "body", "tags.1", "tags.3"]
    assert problem_paths(edited.value) == ["title", "title", "body", "tags.1", "tags.3"]
    assert all(problem.message in str(edited.value) for problem in edited.value.problems)


def test_an_edit_is_the_next_version() -> None:
    """What is not mentioned stays."""
    edited = DRAFT.edit(body=" Twice. ", at=LATER)

    post = replace(DRAFT, body="Twice.", version=2, updated_at=LATER)
    assert edited == domain.PostEdit(post, tags=None, changes_status=False)


def test_an_edit_names_the_tags_that_are_to_be() -> None:
    """Each once, the way they are kept; none at all is not the same as no change."""
    edits = [DRAFT.edit(tags=tags, at=LATER) for tags in (["b", " A ", "B"], [], None)]

    assert [edit.tags for edit in edits] == [("b", "a"), (), None]


@pytest.mark.parametrize("expected", [None, DRAFT.version])
def test_the_version_that_somebody_saw_can_be_edited(expected: int | None) -> None:
    """So can any, by somebody who does not care."""
    DRAFT.check_version(expected)


@pytest.mark.parametrize("expected", [-1, 0, DRAFT.version + 1, 2**31 - 1])
def test_another_version_is_told_the_one_there_is(expected: int) -> None:
    """Of the past or of the future: the writer has not seen what they would change."""
    with pytest.raises(domain.VersionConflict, match="at version 1 now") as caught:
        DRAFT.check_version(expected)

    assert caught.value.current_version == DRAFT.version


def test_a_draft_is_renamed_slug_and_all() -> None:
    """Nobody has its address yet."""
    assert DRAFT.edit(title="Last words", at=LATER).post.slug == "last-words"


@pytest.mark.parametrize("title", [None, "First steps", " First: Steps! "])
def test_a_draft_that_keeps_its_title_keeps_its_slug(title: str | None) -> None:
    """Even one that had to differ from the title, because that was in use."""
    draft = replace(DRAFT, slug="first-steps-c0ffee")

    assert draft.edit(title=title, body="Twice.", at=LATER).post.slug == "first-steps-c0ffee"


@pytest.mark.parametrize("status", domain.PostStatus)
def test_a_slug_is_stable_once_published(status: domain.PostStatus) -> None:
    """Links to it go on working, whatever becomes of the title or the post."""
    renamed = PUBLISHED.edit(status=status, at=LATER).post.edit(title="Last words", at=LATER).post

    assert (renamed.title, renamed.slug) == ("Last words", "first-steps")


def test_publishing_is_dated_the_first_time_only() -> None:
    """A post does not come out anew because it was hidden for a while."""
    published = DRAFT.edit(status=domain.PostStatus.PUBLISHED, at=NOON).post
    hidden = published.edit(status=domain.PostStatus.DRAFT, at=LATER).post
    again = hidden.edit(status=domain.PostStatus.PUBLISHED, at=LATER).post

    assert [post.published_at for post in (published, hidden, again)] == [NOON, NOON, NOON]


def test_what_was_never_published_has_no_date() -> None:
    """Archiving a draft does not publish it."""
    archived = DRAFT.edit(status=domain.PostStatus.ARCHIVED, at=LATER).post

    assert archived.published_at is None


def test_an_excerpt_is_plain_text() -> None:
    """It stands in lists and previews, where nobody renders Markdown."""
    post = replace(DRAFT, body=MARKDOWN)

    assert post.excerpt(1_000) == (
        "A short story Once upon a time, there was code: pass A picture and more text."
    )


@pytest.mark.parametrize(
    ("length", "excerpt"),
    [
        (0, ""),
        (1, "…"),
        (2, "o…"),
        (3, "on…"),
        (4, "one…"),
        (5, "one…"),
        (7, "one…"),
        (8, "one two…"),
        (12, "one two…"),
        (13, "one two three"),
        (14, "one two three"),
    ],
)
def test_an_excerpt_ends_between_words(length: int, excerpt: str) -> None:
    """With an ellipsis that counts, and within a word only when there is no other way."""
    post = replace(DRAFT, body="one two three")

    assert post.excerpt(length) == excerpt


def test_an_excerpt_keeps_the_underscores_of_names() -> None:
    """Programmers write, too."""
    post = replace(DRAFT, body="_See_ `my_var` and __init__, a__b_.")

    assert post.excerpt(100) == "See my_var and init, a__b."


@given(body=st.text() | st.text(alphabet=" \n#>-*_`~[]()!1.ab"), length=st.integers(0, 30))
def test_an_excerpt_is_never_longer_than_asked(body: str, length: int) -> None:
    """And is one line of single-spaced words, whatever the body."""
    excerpt = replace(DRAFT, body=body).excerpt(length)

    assert len(excerpt) <= length
    assert excerpt == " ".join(excerpt.split())
    assert not re.search(r"[*`~]|(?<!\w)_", excerpt)


@pytest.mark.parametrize(
    "hostile",
    [
        "[",
        "![",
        "[](",
        "[x](",
        "[]()",
        "*",
        "`",
        "~",
        "#",
        " ",
        "\t",
        "> ",
        "1",
        "-\n",
        "```\n",
        "](",
    ],
)
def test_an_excerpt_costs_no_more_than_its_body(hostile: str) -> None:
    """A tenth of a second; work that grows with the body's square would take minutes."""
    longest = replace(DRAFT, body=(hostile * MAX_BODY_LENGTH)[:MAX_BODY_LENGTH])

    seconds = timeit(lambda: longest.excerpt(200), number=1)

    assert seconds < 5


def test_an_excerpt_costs_no_more_for_a_longer_body() -> None:
    """A list shows a hundred of them, and none looks at more than its beginning."""
    words = "The **quick** [fox](https://a.example/fox) jumps, and _so on_.\n"
    short = replace(DRAFT, body=(words * MAX_BODY_LENGTH)[:5_000])
    longest = replace(DRAFT, body=(words * MAX_BODY_LENGTH)[:MAX_BODY_LENGTH])

    of_short, of_longest = (
        min(repeat(partial(each.excerpt, 200), number=20)) for each in (short, longest)
    )

    assert longest.excerpt(200) == short.excerpt(200)
    assert of_longest < 2 * of_short


@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        ("* " * 1_000 + "and then", "…"),
        (f"One [two](https://a.example/{'x' * 2_000}) three", "One…"),
        (f"One two{' ' * 2_000}three", "One…"),
    ],
    ids=["marks", "address", "spaces"],
)
def test_an_excerpt_of_marks_is_short(body: str, excerpt: str) -> None:
    """What follows far behind is not looked for, and the ellipsis says that there is more."""
    assert replace(DRAFT, body=body).excerpt(10) == excerpt
