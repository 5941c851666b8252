"""What is kept comes back as it was, whatever the database makes of texts and moments."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

import domain
from persistence import Base
from persistence.types import LongText, UtcDateTime
from tests.factories import Given


async def test_moments_survive_to_the_microsecond(work: domain.UnitOfWork, given: Given) -> None:
    """Cursors compare moments, so no database may round one or lose its zone."""
    at = datetime(2026, 5, 4, 3, 2, 1, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    post = await given.a_post(by=await given.a_user(), at=at)

    found = await work.posts.get(post.id)

    assert found.published_at == found.created_at == at
    assert found.created_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("😀 👩‍👩‍👧‍👦 𝄞", id="outside-the-basic-plane"),
        pytest.param("مرحبا שלום", id="right-to-left"),
        pytest.param("e\u0301 é ﬁ", id="not-normalised"),
        pytest.param("\\ ' \" % _ $1 :name {x}", id="quoted-somewhere"),
        pytest.param("x" * 199 + "é", id="as-long-as-a-title-may-be"),
    ],
)
async def test_text_survives(work: domain.UnitOfWork, given: Given, text: str) -> None:
    """Character for character, in titles and bodies."""
    post = await given.a_post(by=await given.a_user(), title=text, body=f"{text}\n\t{text}")

    assert await work.posts.get(post.id) == post
    assert (post.title, post.body) == (text, f"{text}\n\t{text}")


async def test_the_longest_body_survives(work: domain.UnitOfWork, given: Given) -> None:
    """100,000 characters of four bytes each, more than a MySQL TEXT would hold."""
    post = await given.a_post(by=await given.a_user(), body="😀" * 100_000)

    assert (await work.posts.get(post.id)).body == "😀" * 100_000


def test_what_need_not_be_read_are_the_columns_of_long_texts_and_of_moments() -> None:
    """A new one is left out of pages that do not show it, once its name is there."""
    kinds = {"users": "User", "posts": "Post", "comments": "Comment", "tags": "Tag"}
    heavy = {
        f"{kinds[table.name]}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if table.name in kinds and isinstance(column.type, LongText | UtcDateTime)
    }

    assert heavy == domain.HEAVY
