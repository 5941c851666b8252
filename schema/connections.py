"""Relay connections as views on lists.

The object behind a connection is a `Listing`: which list, which page of it, and
how to load what is selected of it. A page that nobody selects is not read, nor
is a count, a cursor, or what lies beyond the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry

import domain
from domain.pagination import ListedT
from schema.arguments import Window
from schema.context import Info
from schema.cursors import encode_cursor
from schema.ids import Node
from schema.loaders import ListLoader, Request
from schema.sizes import AtMost, Within, loads

NO_PARENT = 0

NodeT = TypeVar("NodeT", bound=Node)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[ListedT]):
    """One page of a list, not read yet."""

    name: str
    parent: int
    request: Request
    loader: ListLoader[Any, ListedT]

    @classmethod
    def of(
        cls,
        info: Info,
        loader: ListLoader[Any, ListedT],
        window: Window,
        *,
        parent: int = NO_PARENT,
        order: domain.Order,
        filter: Any = None,
    ) -> Listing[ListedT]:
        """List what the field that is being resolved shows; raises `BadRequest`."""
        name = f"{info.path.typename}.{info.field_name}"
        request = window.to_domain(name, order, filter)
        return cls(name=name, parent=parent, request=request, loader=loader)

    async def page(self) -> domain.Page[ListedT]:
        """Load the page."""
        return await self.loader.page(self.parent, self.request)

    async def count(self) -> int:
        """Load how many the whole list holds."""
        return await self.loader.count(self.parent, self.request.filter)

    async def goes_on(self, *, next: bool) -> bool:
        """Tell whether the list holds more on one side of the page."""
        if next is not self.request.backward and (await self.page()).more:
            return True
        beyond = self.request.beyond(next=next)
        return beyond is not None and (await self.loader.page(self.parent, beyond)).more

    def cursor(self, item: ListedT) -> str:
        """Tell an item's position in the list."""
        request = self.request
        return encode_cursor(
            request.order.cursor(item),
            list_name=self.name,
            order=request.order,
            filter=request.filter,
        )


@dataclass(frozen=True, slots=True)
class Positioned(Generic[ListedT]):
    """An item, and the list it was found in."""

    item: ListedT
    listing: Listing[ListedT]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    @strawberry.field(description="Whether the list goes on after this page.")
    async def has_next_page(root: strawberry.Parent[Listing[Any]]) -> bool:
        return await root.goes_on(next=True)

    @strawberry.field(description="Whether the list has more before this page.")
    async def has_previous_page(root: strawberry.Parent[Listing[Any]]) -> bool:
        return await root.goes_on(next=False)

    @strawberry.field(description="The first item's cursor; null on an empty page.")
    async def start_cursor(root: strawberry.Parent[Listing[Any]]) -> str | None:
        items = (await root.page()).items
        return root.cursor(items[0]) if items else None

    @strawberry.field(description="The last item's cursor; null on an empty page.")
    async def end_cursor(root: strawberry.Parent[Listing[Any]]) -> str | None:
        items = (await root.page()).items
        return root.cursor(items[-1]) if items else None


def item_of(root: strawberry.Parent[Positioned[Any]]) -> Any:
    """Look at the item itself."""
    return root.item


def itself(root: strawberry.Parent[Any]) -> Any:
    """Look at the same object through another type."""
    return root


@strawberry.type(description="An item, and where it stands in its list.")
class Edge(Generic[NodeT]):
    node: NodeT = strawberry.field(
        resolver=item_of, description="The item.", metadata=loads(Within.ITS_PARENT)
    )

    @strawberry.field(description="Its position, for `after` and `before`.")
    def cursor(root: strawberry.Parent[Positioned[Any]]) -> str:
        return root.listing.cursor(root.item)


@strawberry.type(description="One page of a list.")
class Connection(Generic[NodeT]):
    page_info: PageInfo = strawberry.field(
        resolver=itself,
        description="Whether and where to read on.",
        metadata=loads(Within.THE_PAGE),
    )

    @strawberry.field(
        description="The page's items, each with its position.",
        graphql_type=list[Edge[NodeT]],
        metadata=loads(Within.THE_PAGE),
    )
    async def edges(root: strawberry.Parent[Listing[Any]]) -> list[Positioned[Any]]:
        return [Positioned(item, root) for item in (await root.page()).items]

    @strawberry.field(
        description="The page's items.",
        graphql_type=list[NodeT],
        metadata=loads(Within.THE_PAGE),
    )
    async def nodes(root: strawberry.Parent[Listing[Any]]) -> Sequence[Any]:
        return (await root.page()).items

    @strawberry.field(
        description="How many the whole list holds; counted only when selected.",
        metadata=loads(AtMost(1)),
    )
    async def total_count(root: strawberry.Parent[Listing[Any]]) -> int:
        return await root.count()
