"""No index is kept for nothing: each costs every write."""

from __future__ import annotations

from persistence import Base
from tests.persistence.plans.cases import cases
from tests.persistence.plans.library import Library

ELSEWHERE = {
    "ix_comments_post_id_created_at_id": "Post.comments, in test_nested",
    "ix_comments_author_id_created_at_id": "User.comments, in test_nested",
    "ix_post_tags_tag_id_author_id_status_created_at_post_id": "a member's own under a tag",
    "ix_sessions_user_id_created_at_id": "Query.sessions, a hundred at most",
}


def test_every_index_serves_a_list() -> None:
    """The lists that the other tests measure, and a few that have their reason here."""
    served = {case.index for case in cases(Library(posts=0))} | {*ELSEWHERE}

    kept = {index.name for table in Base.metadata.sorted_tables for index in table.indexes}

    assert kept == {name for name in served if name.startswith("ix_")}
