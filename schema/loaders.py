"""Batching: many fields ask, one statement answers.

Loaders cache for as long as they live, so a set belongs to one request, and
a transaction ends it.
"""

from __future__ import annotations

from asyncio import Future, shield
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Generic, TypeAlias, TypeVar

from aiodataloader import DataLoader

import domain
from domain.pagination import ListedT

K = TypeVar("K", bound=int | str)
V = TypeVar("V")
Request: TypeAlias = domain.PageRequest[Any]

MAX_BATCH = 5_000  # keys in one statement; SQLite takes 32,766 parameters, asyncpg 32,767


class Loader(DataLoader[K, V]):
    """Lends each asker a future of its own: to cancel one takes the answer from no other."""

    def load(self, key: K) -> Future[V]:
        return shield(super().load(key))


def by_key(fetch: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> Loader[K, V | None]:
    """Load one value per key, in order; None for a key that has none."""

    async def load(keys: list[K]) -> list[V | None]:
        found = await fetch(keys)
        return [found.get(key) for key in keys]

    return Loader(load, max_batch_size=MAX_BATCH)


class ListLoader(Generic[K, ListedT]):
    """One list per parent: a statement for the same page of all, and one for all counts."""

    def __init__(
        self,
        pages: Callable[[Collection[K], Request], Awaitable[Mapping[K, domain.Page[ListedT]]]],
        counts: Callable[[Collection[K], Any], Awaitable[Mapping[K, int]]],
    ) -> None:
        self._pages = pages
        self._counts = counts
        self._page_loaders: dict[Request, Loader[K, domain.Page[ListedT] | None]] = {}
        self._count_loaders: dict[Any, Loader[K, int | None]] = {}

    async def page(self, parent: K, request: Request) -> domain.Page[ListedT]:
        """Load one page of a parent's list."""
        loader = self._page_loaders.get(request)
        if loader is None:
            pages = self._pages  # without `self`, which would be a cycle for the collector
            loader = by_key(lambda parents: pages(parents, request))
            self._page_loaders[request] = loader
        return await loader.load(parent) or domain.Page.cut((), request)

    async def count(self, parent: K, filter: Any) -> int:
        """Load the length of a parent's list."""
        loader = self._count_loaders.get(filter)
        if loader is None:
            counts = self._counts
            loader = by_key(lambda parents: counts(parents, filter))
            self._count_loaders[filter] = loader
        return await loader.load(parent) or 0


def root_list(
    page: Callable[[Request], Awaitable[domain.Page[ListedT]]],
    count: Callable[[Any], Awaitable[int]],
) -> ListLoader[int, ListedT]:
    """Load a list that has no parent, as the only child of a parent 0."""

    async def pages(parents: Collection[int], request: Request) -> dict[int, domain.Page[ListedT]]:
        return dict.fromkeys(parents, await page(request))

    async def counts(parents: Collection[int], filter: Any) -> dict[int, int]:
        return dict.fromkeys(parents, await count(filter))

    return ListLoader(pages, counts)


class Loaders:
    """The request's loaders, one attribute per question a field can ask."""

    def __init__(self, work: domain.UnitOfWork) -> None:
        self.user = by_key(work.users.get_many)
        self.user_by_username = by_key(work.users.get_many_by_username)
        self.users = root_list(work.users.page, work.users.count)

        self.post = by_key(work.posts.get_many)
        self.post_by_slug = by_key(work.posts.get_many_by_slug)
        self.posts = root_list(work.posts.page, work.posts.count)
        self.posts_by_author = ListLoader(work.posts.pages_by_author, work.posts.counts_by_author)
        self.posts_by_tag = ListLoader(work.posts.pages_by_tag, work.posts.counts_by_tag)

        self.comment = by_key(work.comments.get_many)
        self.comments_by_post = ListLoader(
            work.comments.pages_by_post, work.comments.counts_by_post
        )
        self.comments_by_author = ListLoader(
            work.comments.pages_by_author, work.comments.counts_by_author
        )

        self.tag = by_key(work.tags.get_many)
        self.tag_by_name = by_key(work.tags.get_many_by_name)
        self.tags = root_list(work.tags.page, work.tags.count)
        self.tags_by_post = by_key(work.tags.get_many_by_post)

        self.by_type_name: Mapping[str, Loader[Any, Any]] = {
            "User": self.user,
            "Post": self.post,
            "Comment": self.comment,
            "Tag": self.tag,
        }
