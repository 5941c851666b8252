"""Entities as storage would hand them out; a test replaces what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import domain

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)

ADA = domain.User(
    id=domain.UserId(1),
    username="ada",
    email="ada@example.com",
    display_name="Ada",
    bio="",
    role=domain.Role.MEMBER,
    created_at=NOON,
    updated_at=None,
)

DRAFT = domain.Post(
    id=domain.PostId(1),
    author_id=ADA.id,
    slug="first-steps",
    title="First steps",
    body="Once upon a time.",
    status=domain.PostStatus.DRAFT,
    version=1,
    published_at=None,
    created_at=NOON,
    updated_at=None,
)

COMMENT = domain.Comment(
    id=domain.CommentId(1),
    post_id=DRAFT.id,
    author_id=ADA.id,
    body="Indeed.",
    created_at=NOON,
    updated_at=None,
)


def problem_paths(error: domain.InvalidInput) -> list[str]:
    return [".".join(problem.path) for problem in error.problems]
