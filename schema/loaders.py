"""The loaders of a request: many fields ask, one statement answers.

They keep what they loaded for as long as they live, so a set belongs to one request, and
a transaction ends it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

import domain
from domain.pagination import ListedT
from schema.arguments import Request
from schema.batches import Loader
from schema.lists import ListLoader, ReadCounts, ReadPages, root_list

K = TypeVar("K", bound=int | str)
V = TypeVar("V")
AbsentT = TypeVar("AbsentT")
ParentT = TypeVar("ParentT", bound=int)
Work: TypeAlias = domain.UnitOfWork

NODES: Mapping[str, str] = {"User": "user", "Post": "post", "Comment": "comment", "Tag": "tag"}
"""The types of what has a global ID, and the loader of each."""


def by_key(
    read: Callable[[Work], Callable[[Collection[K]], Awaitable[Mapping[K, V]]]], *, absent: AbsentT
) -> cached_property[Loader[K, V | AbsentT]]:
    """Declare a loader of one value per key, which is `absent` for a key that has none."""
    return cached_property(lambda self: Loader(read(self.work), absent))


def by_parent(
    name: str,
    pages: Callable[[Work], ReadPages[ParentT, ListedT]],
    counts: Callable[[Work], ReadCounts[ParentT]],
) -> cached_property[ListLoader[ParentT, ListedT]]:
    """Declare the loader of a field that shows a list of each parent's."""
    return cached_property(lambda self: ListLoader(name, pages(self.work), counts(self.work)))


def of_all(
    name: str,
    page: Callable[[Work], Callable[[Request], Awaitable[domain.Page[ListedT]]]],
    count: Callable[[Work], Callable[[Any], Awaitable[int]]],
) -> cached_property[ListLoader[int, ListedT]]:
    """Declare the loader of a field of the root that shows a list."""
    return cached_property(lambda self: root_list(name, page(self.work), count(self.work)))


class Loaders:
    """One loader per question that a field can ask, made when one first does."""

    def __init__(self, work: Work) -> None:
        self.work = work

    user = by_key(lambda work: work.users.get_many, absent=None)
    user_by_username = by_key(lambda work: work.users.get_many_by_username, absent=None)
    users = of_all("Query.users", lambda work: work.users.page, lambda work: work.users.count)

    post = by_key(lambda work: work.posts.get_many, absent=None)
    post_by_slug = by_key(lambda work: work.posts.get_many_by_slug, absent=None)
    posts = of_all("Query.posts", lambda work: work.posts.page, lambda work: work.posts.count)
    posts_by_author = by_parent(
        "User.posts",
        lambda work: work.posts.pages_by_author,
        lambda work: work.posts.counts_by_author,
    )
    posts_by_tag = by_parent(
        "Tag.posts", lambda work: work.posts.pages_by_tag, lambda work: work.posts.counts_by_tag
    )

    comment = by_key(lambda work: work.comments.get_many, absent=None)
    comments_by_post = by_parent(
        "Post.comments",
        lambda work: work.comments.pages_by_post,
        lambda work: work.comments.counts_by_post,
    )
    comments_by_author = by_parent(
        "User.comments",
        lambda work: work.comments.pages_by_author,
        lambda work: work.comments.counts_by_author,
    )

    tag = by_key(lambda work: work.tags.get_many, absent=None)
    tag_by_name = by_key(lambda work: work.tags.get_many_by_name, absent=None)
    tags = of_all("Query.tags", lambda work: work.tags.page, lambda work: work.tags.count)
    tags_by_post = by_key(lambda work: work.tags.get_many_by_post, absent=())

    def of_type(self, name: str) -> Loader[Any, Any] | None:
        """Find the loader of the things of a type that have global IDs."""
        loader: Loader[Any, Any] | None = getattr(self, NODES.get(name, ""), None)
        return loader
