"""Relay connections as views on lists: what is behind one is a `Listing`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeAlias, TypeVar

import strawberry

from schema.ids import Node
from schema.lists import Listing
from schema.promises import Promise
from schema.sizes import AtMost, Within, loads
from schema.views import IS_A_CURSOR

NodeT = TypeVar("NodeT", bound=Node)
Root: TypeAlias = strawberry.Parent[Listing[Any]]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    @strawberry.field(description="Whether the list goes on after this page.", graphql_type=bool)
    def has_next_page(root: Root) -> bool | Promise[bool]:
        return root.goes_on(next=True)

    @strawberry.field(description="Whether the list has more before this page.", graphql_type=bool)
    def has_previous_page(root: Root) -> bool | Promise[bool]:
        return root.goes_on(next=False)

    @strawberry.field(
        description="The first item's cursor; null on an empty page.",
        graphql_type=str | None,
        metadata=IS_A_CURSOR,
    )
    def start_cursor(root: Root) -> Promise[str | None]:
        return root.cursor_at(0)

    @strawberry.field(
        description="The last item's cursor; null on an empty page.",
        graphql_type=str | None,
        metadata=IS_A_CURSOR,
    )
    def end_cursor(root: Root) -> Promise[str | None]:
        return root.cursor_at(-1)


@strawberry.type(description="An item, and where it stands in its list.")
class Edge(Generic[NodeT]):
    node: NodeT = strawberry.field(description="The item.", metadata=loads(Within.ITS_PARENT))
    cursor: str = strawberry.field(
        description="Its position, for `after` and `before`.", metadata=IS_A_CURSOR
    )


@strawberry.type(description="One page of a list.")
class Connection(Generic[NodeT]):
    page_info: PageInfo = strawberry.field(
        description="Whether and where to read on.", metadata=loads(Within.THE_PAGE)
    )

    @strawberry.field(
        description="The page's items, each with its position.",
        graphql_type=list[Edge[NodeT]],
        metadata=loads(Within.THE_PAGE),
    )
    def edges(root: Root) -> Promise[Sequence[Any]]:
        return root.edges()

    @strawberry.field(
        description="The page's items.",
        graphql_type=list[NodeT],
        metadata=loads(Within.THE_PAGE),
    )
    def nodes(root: Root) -> Promise[Sequence[Any]]:
        return root.nodes()

    @strawberry.field(
        description="How many the whole list holds; counted only when selected.",
        graphql_type=int,
        metadata=loads(AtMost(1)),
    )
    def total_count(root: Root) -> Promise[int]:
        return root.count()
