"""The rows of the speed benchmark: what is compared later has to be the same now."""

from __future__ import annotations

from collections import Counter

from bench.dataset import Record, describe, tables
from server import demo

TINY = demo.Sizes(users=40, posts=200, comments=500, tags=8)


def rows_of(sizes: demo.Sizes) -> dict[str, list[dict[str, object]]]:
    """All rows by table, as mappings."""
    return {
        table.name: [named(table.columns, row) for row in table.rows] for table in tables(sizes)
    }


def named(columns: tuple[str, ...], row: Record) -> dict[str, object]:
    return dict(zip(columns, row, strict=True))


def test_rows_are_the_same_every_time() -> None:
    """Figures of two machines, or of two years, are of the same work."""
    assert rows_of(TINY) == rows_of(TINY)


def test_tables_are_as_large_as_they_say() -> None:
    """The bars that show how far loading is come to their ends."""
    assert [table.size for table in tables(TINY)] == [len([*t.rows]) for t in tables(TINY)]


def test_rows_refer_to_each_other() -> None:
    """PostgreSQL would refuse them after minutes of copying."""
    rows = rows_of(TINY)
    users, posts, tags = ({row["id"] for row in rows[name]} for name in ("users", "posts", "tags"))

    assert {row["author_id"] for row in rows["posts"] + rows["comments"]} <= users
    assert {row["post_id"] for row in rows["post_tags"] + rows["comments"]} <= posts
    assert {row["tag_id"] for row in rows["post_tags"]} <= tags
    assert len({row["slug"] for row in rows["posts"]}) == TINY.posts
    assert set(Counter((row["post_id"], row["tag_id"]) for row in rows["post_tags"]).values()) == {
        1
    }


def test_links_have_copies_of_their_posts() -> None:
    """Lists by tag would show other posts than there are."""
    rows = rows_of(TINY)
    posts = {row["id"]: row for row in rows["posts"]}

    for link in rows["post_tags"]:
        post = posts[link["post_id"]]
        copied = ("author_id", "status", "created_at")
        assert [link[name] for name in copied] == [post[name] for name in copied]


def test_only_what_is_out_is_commented_on() -> None:
    """As in the product, and so that all comments can be read."""
    rows = rows_of(TINY)
    drafts = {row["id"] for row in rows["posts"] if row["status"] == "DRAFT"}

    assert len(drafts) == TINY.posts // 20
    assert not drafts & {row["post_id"] for row in rows["comments"]}


def test_a_database_is_known_by_its_sizes() -> None:
    """One that holds others is filled anew."""
    larger = demo.Sizes(users=40, posts=200, comments=501, tags=8)

    assert describe(TINY) == describe(TINY) != describe(larger)
