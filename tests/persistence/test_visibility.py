"""Who sees which posts and comments, through every read on every database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

import domain
from persistence import Database
from tests.factories import NOON, Given, signed_in

BY_AGE = domain.Order(domain.PostOrderField.CREATED_AT, descending=False)
ALL_POSTS = domain.PageRequest(size=10, order=BY_AGE, filter=domain.PostFilter())
ALL_COMMENTS = domain.PageRequest(
    size=10, order=domain.Order(domain.CommentOrderField.CREATED_AT, descending=False), filter=None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """An author with a post of each status, each with a tag and a comment by a reader."""

    viewers: dict[str, domain.Viewer]
    author: domain.User
    reader: domain.User
    tag: domain.Tag
    posts: list[domain.Post]
    comments: list[domain.Comment]


@pytest.fixture
async def newsroom(database: Database, given: Given) -> Newsroom:
    """One author's posts, and everybody who may look at them."""
    author, reader = await given.a_user(), await given.a_user()
    moderator = await given.a_user(role=domain.Role.MODERATOR)
    admin = await given.a_user(role=domain.Role.ADMIN)
    tag = await given.a_tag()
    published, draft, archived = [
        await given.a_post(by=author, tags=[tag], publish=publish)
        for publish in (True, False, True)
    ]
    comments = [await given.a_comment(on=post, by=reader) for post in (published, draft, archived)]
    archived = archived.edit(status=domain.PostStatus.ARCHIVED, at=NOON + timedelta(days=1))
    async with database.unit_of_work() as work, work.transaction():
        await work.posts.update(archived)
    return Newsroom(
        viewers={
            "public": None,
            "author": signed_in(author),
            "reader": signed_in(reader),
            "moderator": signed_in(moderator),
            "admin": signed_in(admin),
        },
        author=author,
        reader=reader,
        tag=tag,
        posts=[published, draft, archived],
        comments=comments,
    )


whoever = pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        pytest.param("public", 1, id="public"),
        pytest.param("reader", 1, id="reader"),
        pytest.param("author", 3, id="author"),
        pytest.param("moderator", 3, id="moderator"),
        pytest.param("admin", 3, id="admin"),
    ],
)


@whoever
async def test_posts_are_seen_one_by_one(
    database: Database, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """Who may not see a draft or an archived post is told that there is none."""
    visible, hidden = newsroom.posts[:seen], newsroom.posts[seen:]

    async with database.unit_of_work(newsroom.viewers[viewer]) as work:
        by_id = await work.posts.get_many([post.id for post in newsroom.posts])
        by_slug = await work.posts.get_many_by_slug([post.slug for post in newsroom.posts])
        found = [await work.posts.find(post.id) for post in newsroom.posts]
        for post in hidden:
            with pytest.raises(domain.NotFound):
                await work.posts.get(post.id)

    assert by_id == {post.id: post for post in visible}
    assert by_slug == {post.slug: post for post in visible}
    assert found == [*visible, *(None for _ in hidden)]


@whoever
async def test_posts_are_seen_in_lists(
    database: Database, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """All, an author's and a tag's."""
    author, tag = newsroom.author.id, newsroom.tag.id
    page = domain.Page(newsroom.posts[:seen], more=False)

    async with database.unit_of_work(newsroom.viewers[viewer]) as work:
        assert await work.posts.page(ALL_POSTS) == page
        assert await work.posts.pages_by_author([author], ALL_POSTS) == {author: page}
        assert await work.posts.pages_by_tag([tag], ALL_POSTS) == {tag: page}


@whoever
async def test_posts_are_counted_as_they_are_seen(
    database: Database, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """A count that differs from its list would give hidden posts away."""
    author, tag = newsroom.author.id, newsroom.tag.id
    dated = [post for post in newsroom.posts[:seen] if post.published_at]

    async with database.unit_of_work(newsroom.viewers[viewer]) as work:
        assert await work.posts.count(ALL_POSTS.filter) == seen
        assert await work.posts.counts_by_author([author], ALL_POSTS.filter) == {author: seen}
        assert await work.posts.counts_by_tag([tag], ALL_POSTS.filter) == {tag: seen}
        assert await work.posts.counts_by_month(ALL_POSTS.filter) == [
            domain.ArchiveMonth(2026, 1, len(dated))
        ]


@whoever
async def test_a_filter_does_not_widen_the_view(
    database: Database, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """Asking for drafts, or for one author's, shows no more of them."""
    drafts = domain.PostFilter(status=domain.PostStatus.DRAFT, author_id=newsroom.author.id)

    async with database.unit_of_work(newsroom.viewers[viewer]) as work:
        count = await work.posts.count(drafts)

    assert count == (1 if seen == 3 else 0)


@whoever
async def test_comments_are_seen_with_their_posts(
    database: Database, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """A conversation would give its post away, even to those who took part in it."""
    visible, hidden = newsroom.comments[:seen], newsroom.comments[seen:]
    post_ids = [post.id for post in newsroom.posts]
    reader = newsroom.reader.id

    async with database.unit_of_work(newsroom.viewers[viewer]) as work:
        by_id = await work.comments.get_many([comment.id for comment in newsroom.comments])
        by_post = await work.comments.pages_by_post(post_ids, ALL_COMMENTS)
        by_author = await work.comments.pages_by_author([reader], ALL_COMMENTS)
        post_counts = await work.comments.counts_by_post(post_ids, None)
        author_counts = await work.comments.counts_by_author([reader], None)
        found = [await work.comments.find(comment.id) for comment in newsroom.comments]
        for comment in hidden:
            with pytest.raises(domain.NotFound):
                await work.comments.get(comment.id)

    assert by_id == {comment.id: comment for comment in visible}
    assert by_post == {each.post_id: domain.Page([each], more=False) for each in visible}
    assert by_author == {reader: domain.Page(visible, more=False)}
    assert post_counts == {comment.post_id: 1 for comment in visible}
    assert author_counts == {reader: seen}
    assert found == [*visible, *(None for _ in hidden)]
