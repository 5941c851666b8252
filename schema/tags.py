"""Tags in the API: their type, their connection, and how to find them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

import domain
from schema.arguments import After, Before, First, Last, Offset, Window
from schema.connections import Connection
from schema.context import Info
from schema.ids import Node
from schema.lists import Listing
from schema.orders import OrderDirection, describe, order_of
from schema.posts import (
    EVERY_POST,
    PostConnection,
    PostFilterArgument,
    PostOrderArgument,
)
from schema.promises import Promise
from schema.views import InstanceOf, reads

describe(
    domain.TagOrderField,
    "What tags can be ordered by.",
    NAME="Their name, by code point.",
    CREATED_AT="When they were first used.",
)


@strawberry.type(description="A subject that posts share.")
class Tag(Node):
    is_type_of = InstanceOf(domain.Tag, domain.TagOrderField)

    name: str = strawberry.field(description="Unique; of a-z, 0-9 and -.")
    created_at: datetime = strawberry.field(description="When it was first used.")

    @strawberry.field(
        description="What is about it, newest first.",
        graphql_type=PostConnection,
        metadata=reads(),
    )
    def posts(
        root: strawberry.Parent[domain.Tag],
        info: Info,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        offset: Offset = UNSET,
        filter: PostFilterArgument = UNSET,
        order_by: PostOrderArgument = UNSET,
    ) -> Listing[domain.Post]:
        wanted = filter.to_domain() if filter else EVERY_POST
        return info.context.loaders.posts_by_tag.listing(
            Window(first, after, last, before, offset),
            parent=root.id,
            order=order_of(order_by) if order_by else wanted.default_order,
            filter=wanted,
        )


@strawberry.type(description="One page of tags.")
class TagConnection(Connection[Tag]):
    pass


@strawberry.input(description="How to order tags.")
class TagOrder:
    field: domain.TagOrderField = strawberry.field(
        default=domain.TagOrderField.NAME, description="By what."
    )
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.ASC, description="Which way."
    )


TagOrderArgument = Annotated[
    TagOrder | None, strawberry.argument(description="In which order; by name if unset.")
]
TagName = Annotated[str, strawberry.argument(description="Its name, whatever the case.")]


@strawberry.type
class TagQuery:
    @strawberry.field(description="One tag; null if there is none.", graphql_type=Tag | None)
    def tag(self, info: Info, name: TagName) -> Promise[domain.Tag | None]:
        return info.context.loaders.tag_by_name.load(domain.fold(name))

    @strawberry.field(description="All tags, by name.", graphql_type=TagConnection)
    def tags(
        self,
        info: Info,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        offset: Offset = UNSET,
        order_by: TagOrderArgument = UNSET,
    ) -> Listing[domain.Tag]:
        return info.context.loaders.tags.listing(
            Window(first, after, last, before, offset),
            order=order_of(order_by or TagOrder()),
        )
