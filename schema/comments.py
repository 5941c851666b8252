"""Comments in the API: their type and their connection."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

import domain
from schema.connections import Connection
from schema.ids import Node
from schema.orders import OrderDirection, describe, order_of
from schema.relations import related
from schema.sizes import TextOf, holds
from schema.views import InstanceOf

if TYPE_CHECKING:
    from schema.posts import Post
    from schema.users import User

PostRef = Annotated["Post", strawberry.lazy("schema.posts")]
UserRef = Annotated["User", strawberry.lazy("schema.users")]

describe(
    domain.CommentOrderField,
    "What comments can be ordered by.",
    CREATED_AT="When they were written.",
)


@strawberry.type(description="A reader's reply to a post.")
class Comment(Node):
    is_type_of = InstanceOf(domain.Comment, domain.CommentOrderField)

    body: str = strawberry.field(
        description="The reply itself, as plain text.",
        metadata=holds(TextOf(domain.MAX_COMMENT_LENGTH)),
    )
    created_at: datetime = strawberry.field(description="When it was written.")
    updated_at: datetime | None = strawberry.field(description="When it was last changed.")

    author = related(
        UserRef, lambda loaders: loaders.user, by="author_id", description="Who wrote it."
    )
    post = related(
        PostRef, lambda loaders: loaders.post, by="post_id", description="What it replies to."
    )


@strawberry.type(description="One page of comments.")
class CommentConnection(Connection[Comment]):
    pass


@strawberry.input(description="How to order comments.")
class CommentOrder:
    field: domain.CommentOrderField = strawberry.field(
        default=domain.CommentOrderField.CREATED_AT, description="By what."
    )
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.ASC, description="Which way."
    )


OLDEST_FIRST = order_of(CommentOrder())
CommentOrderArgument = Annotated[
    CommentOrder | None, strawberry.argument(description="In which order; oldest first if unset.")
]
