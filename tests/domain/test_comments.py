"""What a reader may reply."""

from __future__ import annotations

from dataclasses import replace

import pytest

import domain
from tests.domain.entities import ADA, COMMENT, DRAFT, LATER, NOON, problem_paths


def test_a_reply_is_trimmed_and_belongs_to_its_post() -> None:
    """The verb takes the post, so that there is one."""
    reply = domain.NewComment.reply(DRAFT, author_id=ADA.id, body=" Indeed. ", at=NOON)

    assert reply == domain.NewComment(
        post_id=DRAFT.id, author_id=ADA.id, body="Indeed.", created_at=NOON
    )


def test_a_comment_can_be_reworded() -> None:
    """It shows when that happened."""
    reworded = COMMENT.reword(" Not\nat all. ", at=LATER)

    assert reworded == replace(COMMENT, body="Not\nat all.", updated_at=LATER)


@pytest.mark.parametrize("body", ["", " ", "\n\t", "x" * 5_001])
def test_a_comment_has_something_to_say_and_not_too_much(body: str) -> None:
    """White space is nothing; replying and rewording hold the same rule."""
    with pytest.raises(domain.InvalidInput) as replied:
        domain.NewComment.reply(DRAFT, author_id=ADA.id, body=body, at=NOON)
    with pytest.raises(domain.InvalidInput) as reworded:
        COMMENT.reword(body, at=LATER)

    assert problem_paths(replied.value) == problem_paths(reworded.value) == ["body"]


def test_the_longest_comment_fits() -> None:
    """The limit is included, and trimmed text counts."""
    assert COMMENT.reword(" " + "😀" * 5_000, at=LATER).body == "😀" * 5_000
