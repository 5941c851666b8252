"""The demo: the same everywhere, within the rules of the domain, and pleasant to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

import domain
from domain.comments import checked_body
from domain.tags import MAX_TAGS, fold_tags, tags_problems
from domain.text import slugify
from server import demo
from server.demo.comments import thread_lengths
from server.demo.moments import END
from server.demo.posts import histories
from server.demo.seeding import tables
from server.demo.sizes import Sizes
from server.demo.tags import tag_name
from server.demo.titles import title_at
from server.demo.users import pen_name

SMALL = Sizes(users=20, posts=60, comments=150)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@pytest.fixture(scope="module")
def small() -> Rows:
    """All rows of a small demo, by table."""
    return {table: list(rows) for table, _, rows in tables(SMALL)}


def test_the_same_sizes_make_the_same_demo(small: Rows) -> None:
    """Whoever reports what they see need not send their database along."""
    again = {table: list(rows) for table, _, rows in tables(SMALL)}

    assert again == small


def test_there_are_as_many_rows_as_were_announced(small: Rows) -> None:
    """Or a progress bar would never be full."""
    announced = {table: total for table, total, _ in tables(SMALL)}

    assert {table: len(rows) for table, rows in small.items()} == announced


def test_users_could_have_signed_up(small: Rows) -> None:
    """What the demo shows, the API would have let in."""
    users = small["users"]

    signed_up = [
        domain.NewUser.sign_up(
            username=user["username"],
            email=user["email"],
            password=demo.PASSWORD,
            display_name=user["display_name"],
            at=user["created_at"],
        )
        for user in users
    ]

    for field in ("username", "email", "display_name"):
        assert [getattr(user, field) for user in signed_up] == [user[field] for user in users]


def test_a_password_is_the_only_thing_that_two_demos_may_differ_in(small: Rows) -> None:
    """It is salted; all the rest is the same everywhere, and without one nobody signs in."""
    with_password = {table: list(rows) for table, _, rows in tables(SMALL, "hash")}

    assert {user["password_hash"] for user in small["users"]} == {None}
    without_hash = [{**user, "password_hash": None} for user in with_password["users"]]
    assert {**with_password, "users": without_hash} == small


def test_posts_could_have_been_written(small: Rows) -> None:
    """What the demo shows, the API would have let in."""
    posts = small["posts"]

    written = [
        domain.NewPost.write(
            author_id=post["author_id"],
            title=post["title"],
            body=post["body"],
            at=post["created_at"],
        )
        for post in posts
    ]

    for field in ("title", "slug", "body"):
        assert [getattr(post, field) for post in written] == [post[field] for post in posts]


def test_comments_could_have_been_written(small: Rows) -> None:
    """What the demo shows, the API would have let in."""
    bodies = [comment["body"] for comment in small["comments"]]

    assert [checked_body(body) for body in bodies] == bodies


def test_no_text_is_left_to_fill_in(small: Rows) -> None:
    """A template may not shine through."""
    texts = [str(row) for rows in small.values() for row in rows]

    assert not [text for text in texts if "subject}" in text or "{another}" in text]


def test_posts_bear_few_tags_each_once(small: Rows) -> None:
    """The domain allows ten, and the primary key no two alike."""
    links = Counter((link["post_id"], link["tag_id"]) for link in small["post_tags"])
    tags_of = Counter(post_id for post_id, _ in links)

    assert set(links.values()) == {1}
    assert max(tags_of.values()) <= MAX_TAGS
    assert SMALL.posts / 2 < len(tags_of) < SMALL.posts


def test_comments_follow_what_was_published(small: Rows) -> None:
    """A draft has no readers."""
    published = {post["id"]: post["published_at"] for post in small["posts"]}

    waits = [comment["created_at"] - published[comment["post_id"]] for comment in small["comments"]]

    assert None in published.values()
    assert min(waits).total_seconds() > 0


def test_nobody_writes_before_joining(small: Rows) -> None:
    """The profile would give it away."""
    joined = {user["id"]: user["created_at"] for user in small["users"]}

    writings = [*small["posts"], *small["comments"]]

    assert all(joined[writing["author_id"]] < writing["created_at"] for writing in writings)


def test_nothing_happens_after_the_end(small: Rows) -> None:
    """The demo does not depend on the day it is looked at."""
    rows = [row for rows in small.values() for row in rows]

    moments = [value for row in rows for value in row.values() if isinstance(value, datetime)]

    assert max(moments) < END


def test_posts_have_histories_that_the_domain_could_make() -> None:
    """Published once written, a new version for each edit, archived only by one."""
    for history in histories(Sizes()):
        assert (history.published_at is None) == (history.status is domain.PostStatus.DRAFT)
        assert (history.updated_at is None) == (history.version == 1)
        known = (history.created_at, history.published_at, history.updated_at)
        moments = [moment for moment in known if moment]
        assert moments == sorted(moments)
        if history.status is domain.PostStatus.ARCHIVED:
            assert history.version > 1


def test_no_two_users_share_a_name() -> None:
    """Not even when there are more users than pairs of words."""
    names = [pen_name(index) for index in range(30_000)]

    assert len(set(names)) == len(names)


def test_no_two_posts_share_a_slug() -> None:
    """Titles differ early enough for a slug to show it."""
    sizes = Sizes(posts=60_000)

    slugs = [slugify(title_at(index, sizes)) for index in range(sizes.posts)]

    assert len(set(slugs)) == len(slugs)


def test_there_can_be_several_hundred_tags() -> None:
    """All of them are names that a user could have given."""
    names = [tag_name(index) for index in range(600)]

    assert len(set(names)) == len(names)
    assert not [problem for name in names for problem in tags_problems([name])]
    assert fold_tags(names) == tuple(names)


def test_threads_are_of_uneven_length() -> None:
    """Lists with no page, one page and several are all there to be seen."""
    lengths = sorted(thread_lengths(Sizes()))

    assert sum(lengths) == Sizes().comments
    assert lengths[0] == 0
    assert lengths[-10] >= 60


def test_one_post_can_hold_every_comment() -> None:
    """The first one is always published."""
    sizes = Sizes(users=4, posts=1, comments=30, tags=1)

    content = {table: list(rows) for table, _, rows in tables(sizes)}

    assert {comment["post_id"] for comment in content["comments"]} == {1}
    assert len(content["comments"]) == 30


def test_the_users_to_try_are_worth_trying() -> None:
    """They have the roles that they are named for, and the member has written most."""
    content = {table: list(rows) for table, _, rows in tables(Sizes(comments=0))}
    roles = {user["username"]: user["role"] for user in content["users"]}
    ((busiest_id, _),) = Counter(post["author_id"] for post in content["posts"]).most_common(1)

    assert {roles[name]: name for name in demo.USERS_TO_TRY.values()} == demo.USERS_TO_TRY
    assert content["users"][busiest_id - 1]["username"] == demo.USERS_TO_TRY[domain.Role.MEMBER]
