"""Lists that are read a page at a time, and what connections are views on.

A page that nobody selects is not read, nor is a count, a cursor, or what lies beyond the page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, Self, TypeAlias, TypeVar

import domain
from domain.pagination import ListedT
from schema.arguments import Request, Window
from schema.batches import Loader
from schema.cursors import head_of, write_cursor
from schema.promises import Promise

K = TypeVar("K", bound=int)
ReadPages: TypeAlias = Callable[
    [Collection[K], Request], Awaitable[Mapping[K, domain.Page[ListedT]]]
]
ReadCounts: TypeAlias = Callable[[Collection[K], Any], Awaitable[Mapping[K, int]]]

NO_PARENT: Any = 0

items_of = attrgetter("items")


class PageLoader(Loader[K, domain.Page[ListedT]]):
    """Loads the same page of each parent's list, and looks beyond once somebody asks for that."""

    def __init__(self, name: str, read: ReadPages[K, ListedT], request: Request) -> None:
        super().__init__(lambda parents: read(parents, request), domain.Page((), more=False))
        self.request = request
        self._name = name
        self._read = read
        self._looking: Request | None = None

    def look_beyond(self) -> Request:
        """Tell of the pages that are not loaded yet whether there is more.

        Returns what asks for it whatever is loaded already.
        """
        read, request = self._read, self._looking
        if request is None:
            request = self._looking = replace(self.request, looks_beyond=True)
            self._fetch = lambda parents: read(parents, request)
        return request

    def cursor(self, item: ListedT) -> str:
        """Tell an item's position in its list."""
        return write_cursor(self.request.order.cursor(item), self._head)

    @cached_property
    def _head(self) -> bytes:
        return head_of(self._name, self.request.order, self.request.filter)


class ListLoader(Generic[K, ListedT]):
    """One list per parent: a statement for the same page of all, and one for all counts.

    Its name is that of the field that shows it, and the one in its cursors.
    """

    def __init__(self, name: str, pages: ReadPages[K, ListedT], counts: ReadCounts[K]) -> None:
        self._name = name
        self._read_pages = pages
        self._read_counts = counts
        self._asked_last: Any = None
        self._answered_last: Any = None  # as all parents of a field ask alike
        self._pages: dict[Request, PageLoader[K, ListedT]] = {}
        self._counts: dict[Any, Loader[K, int]] = {}

    def listing(
        self, window: Window, *, parent: K = NO_PARENT, order: domain.Order, filter: Any = None
    ) -> Listing[ListedT]:
        """Show the page of a parent's list that a client asks for; raises `BadRequest`."""
        asked = window, order, filter
        if asked != self._asked_last:  # to compare is cheaper than to hash
            request = window.to_domain(self._name, order, filter)
            self._answered_last = self.pages(replace(request, looks_beyond=False))
            self._asked_last = asked
        return Listing(self, self._answered_last, parent)

    def pages(self, request: Request) -> PageLoader[K, ListedT]:
        """Return the loader of the same page of all lists."""
        pages = self._pages.get(request)
        if pages is None:
            pages = self._pages[request] = PageLoader(self._name, self._read_pages, request)
        return pages

    def count(self, parent: K, filter: Any) -> Promise[int]:
        """Load the length of a parent's list."""
        counts = self._counts.get(filter)
        if counts is None:
            read = self._read_counts  # without `self`, which would be a cycle for the collector
            counts = self._counts[filter] = Loader(lambda parents: read(parents, filter), 0)
        return counts.load(parent)


def root_list(
    name: str,
    page: Callable[[Request], Awaitable[domain.Page[ListedT]]],
    count: Callable[[Any], Awaitable[int]],
) -> ListLoader[int, ListedT]:
    """Load a list that has no parent, as the only child of `NO_PARENT`."""

    async def pages(parents: Collection[int], request: Request) -> dict[int, domain.Page[ListedT]]:
        return dict.fromkeys(parents, await page(request))

    async def counts(parents: Collection[int], filter: Any) -> dict[int, int]:
        return dict.fromkeys(parents, await count(filter))

    return ListLoader(name, pages, counts)


class Listing(Generic[ListedT]):
    """One page of a list, not read yet."""

    __slots__ = ("_lists", "_pages", "_parent")

    def __init__(
        self, lists: ListLoader[Any, ListedT], pages: PageLoader[Any, ListedT], parent: int
    ) -> None:
        self._lists = lists
        self._pages = pages
        self._parent = parent

    @property
    def page_info(self) -> Self:
        """Itself, as who asks where the page stands looks at it."""
        return self

    def page(self) -> Promise[domain.Page[ListedT]]:
        """Load the page."""
        return self._pages.load(self._parent)

    def edges(self) -> Promise[Sequence[Edge[ListedT]]]:
        """Load the page's items, each with its position."""
        cursor = self._pages.cursor
        return self.page().then(lambda page: [Edge(item, cursor) for item in page.items])

    def edge(self, item: ListedT) -> Edge[ListedT]:
        """Show an item of the list in its position."""
        return Edge(item, self._pages.cursor)

    def nodes(self) -> Promise[Sequence[ListedT]]:
        """Load the page's items alone."""
        return self.page().then(items_of)

    def cursor_at(self, index: int) -> Promise[str | None]:
        """Load the page to tell the position of its first or last item, if it has any."""
        cursor = self._pages.cursor
        return self.page().then(lambda page: cursor(page.items[index]) if page.items else None)

    def count(self) -> Promise[int]:
        """Load how many the whole list holds."""
        return self._lists.count(self._parent, self._pages.request.filter)

    def goes_on(self, *, next: bool) -> bool | Promise[bool]:
        """Tell whether the list holds more on one side of the page."""
        if next is self._pages.request.backward:
            return self._goes_on_beyond(next=next)
        request = self._pages.look_beyond()
        return self.page().then(lambda page: self._goes_on_after(page, request, next=next))

    def _goes_on_after(
        self, page: domain.Page[ListedT], request: Request, *, next: bool
    ) -> bool | Promise[bool]:
        if page.more is None:  # it was there before somebody asked
            looked = self._lists.pages(request).load(self._parent)
            return looked.then(lambda page: self._goes_on_after(page, request, next=next))
        return page.more or self._goes_on_beyond(next=next)

    def _goes_on_beyond(self, *, next: bool) -> bool | Promise[bool]:
        beyond = self._pages.request.beyond(next=next)
        if beyond is None:
            return False
        return self._lists.pages(beyond).load(self._parent).then(lambda page: bool(page.more))


class Edge(Generic[ListedT]):
    """An item, and how to tell its position in the list that it was found in."""

    __slots__ = ("_cursor", "node")

    def __init__(self, node: ListedT, cursor: Callable[[ListedT], str]) -> None:
        self.node = node
        self._cursor = cursor

    @property
    def cursor(self) -> str:
        """Its position."""
        return self._cursor(self.node)
