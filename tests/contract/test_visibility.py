"""Who sees which posts, comments and tags, through every read."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import domain
from tests.factories import NOON, Given, Store, signed_in

pytestmark = pytest.mark.every_store

BY_AGE = domain.Order(domain.PostOrderField.CREATED_AT, descending=False)
ALL_POSTS = domain.PageRequest(size=10, order=BY_AGE, filter=domain.PostFilter())
ALL_TAGS = domain.PageRequest(
    size=10, order=domain.Order(domain.TagOrderField.NAME, descending=False), filter=None
)
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
async def newsroom(given: Given) -> Newsroom:
    """One author's posts, and everybody who may look at them."""
    author, reader = await given.a_user(), await given.a_user()
    moderator = await given.a_user(role=domain.Role.MODERATOR)
    admin = await given.a_user(role=domain.Role.ADMIN)
    tag = await given.a_tag()
    published = await given.a_post(by=author, tags=[tag])
    draft = await given.a_post(by=author, tags=[tag], publish=False)
    archived = await given.a_post(by=author, tags=[tag], status=domain.PostStatus.ARCHIVED)
    posts = [published, draft, archived]
    comments = [await given.a_comment(on=post, by=reader) for post in posts]
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
        posts=posts,
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
    store: Store, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """Who may not see a draft or an archived post is told that there is none."""
    visible, hidden = newsroom.posts[:seen], newsroom.posts[seen:]

    async with store.unit_of_work(newsroom.viewers[viewer]) as work:
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
    store: Store, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """All, an author's and a tag's."""
    author, tag = newsroom.author.id, newsroom.tag.id
    page = domain.Page(newsroom.posts[:seen], more=False)

    async with store.unit_of_work(newsroom.viewers[viewer]) as work:
        assert await work.posts.page(ALL_POSTS) == page
        assert await work.posts.pages_by_author([author], ALL_POSTS) == {author: page}
        assert await work.posts.pages_by_tag([tag], ALL_POSTS) == {tag: page}


@whoever
async def test_posts_are_counted_as_they_are_seen(
    store: Store, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """A count that differs from its list would give hidden posts away."""
    author, tag = newsroom.author.id, newsroom.tag.id
    dated = [post for post in newsroom.posts[:seen] if post.published_at]

    async with store.unit_of_work(newsroom.viewers[viewer]) as work:
        assert await work.posts.count(ALL_POSTS.filter) == seen
        assert await work.posts.counts_by_author([author], ALL_POSTS.filter) == {author: seen}
        assert await work.posts.counts_by_tag([tag], ALL_POSTS.filter) == {tag: seen}
        assert await work.posts.counts_by_month(ALL_POSTS.filter) == [
            domain.ArchiveMonth(2026, 1, len(dated))
        ]


@whoever
async def test_a_filter_does_not_widen_the_view(
    store: Store, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """Asking for drafts, or for one author's, shows no more of them."""
    drafts = domain.PostFilter(status=domain.PostStatus.DRAFT, author_id=newsroom.author.id)

    async with store.unit_of_work(newsroom.viewers[viewer]) as work:
        count = await work.posts.count(drafts)

    assert count == (1 if seen == 3 else 0)


@whoever
async def test_comments_are_seen_with_their_posts(
    store: Store, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """A conversation would give its post away, even to those who took part in it."""
    visible, hidden = newsroom.comments[:seen], newsroom.comments[seen:]
    post_ids = [post.id for post in newsroom.posts]
    reader = newsroom.reader.id

    async with store.unit_of_work(newsroom.viewers[viewer]) as work:
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


@whoever
async def test_tags_are_seen_with_a_post(
    store: Store, newsroom: Newsroom, given: Given, viewer: str, seen: int
) -> None:
    """A tag of drafts alone would tell what somebody is about to publish; moderators see all."""
    author = newsroom.author
    public = newsroom.tag
    drafted = await given.a_tag(name="x-drafted")
    draft = await given.a_post(by=author, tags=[drafted], publish=False)
    unused = await given.a_tag(name="y-unused")
    everything = [public, drafted, unused]
    viewers_own = {"public": 1, "reader": 1, "author": 2, "moderator": 3, "admin": 3}[viewer]
    visible, hidden = everything[:viewers_own], everything[viewers_own:]

    async with store.unit_of_work(newsroom.viewers[viewer]) as work:
        by_id = await work.tags.get_many([tag.id for tag in everything])
        by_name = await work.tags.get_many_by_name([tag.name for tag in everything])
        found = [await work.tags.find(tag.id) for tag in everything]
        page = await work.tags.page(ALL_TAGS)
        count = await work.tags.count(None)
        of_draft = await work.tags.get_many_by_post([draft.id])
        for tag in hidden:
            with pytest.raises(domain.NotFound):
                await work.tags.get(tag.id)

    assert by_id == {tag.id: tag for tag in visible}
    assert by_name == {tag.name: tag for tag in visible}
    assert found == [*visible, *(None for _ in hidden)]
    assert page == domain.Page(visible, more=False)
    assert count == len(visible)
    assert of_draft == ({} if seen == 1 else {draft.id: [drafted]})


@whoever
async def test_what_is_hidden_can_not_be_taken_for_a_change(
    store: Store, newsroom: Newsroom, viewer: str, seen: int
) -> None:
    """It is looked at again under its lock, by the same rule."""
    hidden_posts, hidden_comments = newsroom.posts[seen:], newsroom.comments[seen:]

    async with store.unit_of_work(newsroom.viewers[viewer]) as work:

        async def look() -> tuple[list[domain.Post], list[domain.Comment]]:
            for post in hidden_posts:
                with pytest.raises(domain.NotFound):
                    await work.posts.get_for_update(post.id)
            for comment in hidden_comments:
                with pytest.raises(domain.NotFound):
                    await work.comments.get_for_update(comment.id)
            return (
                [await work.posts.get_for_update(post.id) for post in newsroom.posts[:seen]],
                [await work.comments.get_for_update(each.id) for each in newsroom.comments[:seen]],
            )

        looked_at = await work.transaction(look)

    assert looked_at == (newsroom.posts[:seen], newsroom.comments[:seen])


async def test_one_session_can_be_looked_at_as_somebody_else(
    store: Store, newsroom: Newsroom
) -> None:
    """Whoever signs in within a request sees what is theirs, and what that request has written."""
    draft = newsroom.posts[1]

    async with store.unit_of_work() as work:
        as_author = work.seen_by(newsroom.viewers["author"])
        edited = draft.edit(body="Twice.", at=NOON)

        async def write() -> domain.Post:
            await work.posts.update(edited)
            return await as_author.posts.get(draft.id)

        within = await work.transaction(write)
        found = [await each.posts.find(draft.id) for each in (work, as_author)]

    assert (work.viewer, as_author.viewer) == (None, newsroom.viewers["author"])
    assert within == edited.post
    assert found == [None, edited.post]
