"""Users in the API: their type, their connection, and how to find them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

import domain
from schema.arguments import After, Before, First, Last, Offset, Window, given
from schema.comments import OLDEST_FIRST, CommentConnection
from schema.connections import Connection
from schema.context import Info
from schema.ids import Node, key_of
from schema.lists import Listing
from schema.orders import OrderDirection, describe, order_of
from schema.posts import (
    EVERY_POST,
    PostConnection,
    PostFilterArgument,
    PostOrderArgument,
)
from schema.promises import Promise
from schema.sizes import TextOf, holds
from schema.views import InstanceOf, reads

EVERYONE = domain.UserFilter()

describe(
    domain.Role,
    "What a user may do beyond their own writing.",
    MEMBER="Nothing more.",
    MODERATOR="See, edit and delete what everyone wrote.",
    ADMIN="What moderators may, and see email addresses.",
)
describe(
    domain.UserOrderField,
    "What users can be ordered by.",
    CREATED_AT="When they joined.",
    USERNAME="Their username, by code point.",
)


@strawberry.type(description="Someone who signed up.")
class User(Node):
    is_type_of = InstanceOf(domain.User, domain.UserOrderField)

    username: str = strawberry.field(description="Unique whatever the case; of a-z, 0-9 and _.")
    display_name: str = strawberry.field(description="The name shown next to what they write.")
    bio: str = strawberry.field(
        description="What they say of themself.", metadata=holds(TextOf(domain.MAX_BIO_LENGTH))
    )
    role: domain.Role = strawberry.field(description="What they may do.")
    created_at: datetime = strawberry.field(description="When they joined.")
    updated_at: datetime | None = strawberry.field(description="When they last changed this.")

    @strawberry.field(
        description="Their address, to themself and admins; null to others.",
        metadata=reads("email"),
    )
    def email(root: strawberry.Parent[domain.User], info: Info) -> str | None:
        return root.email if domain.sees_email(info.context.work.viewer, root) else None

    @strawberry.field(
        description="Their posts, newest first.", graphql_type=PostConnection, metadata=reads()
    )
    def posts(
        root: strawberry.Parent[domain.User],
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
        return info.context.loaders.posts_by_author.listing(
            Window(first, after, last, before, offset),
            parent=root.id,
            order=order_of(order_by) if order_by else wanted.default_order,
            filter=wanted,
        )

    @strawberry.field(
        description="Their replies, oldest first.",
        graphql_type=CommentConnection,
        metadata=reads(),
    )
    def comments(
        root: strawberry.Parent[domain.User],
        info: Info,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        offset: Offset = UNSET,
    ) -> Listing[domain.Comment]:
        return info.context.loaders.comments_by_author.listing(
            Window(first, after, last, before, offset),
            parent=root.id,
            order=OLDEST_FIRST,
        )


@strawberry.type(description="One page of users.")
class UserConnection(Connection[User]):
    pass


@strawberry.input(description="Which users; what is left out does not narrow the list.")
class UserFilter:
    username_prefix: str | None = strawberry.field(
        default=UNSET,
        description="Whose username begins with this, whatever the case; "
        "lists by it unless told otherwise.",
    )
    role: domain.Role | None = strawberry.field(default=UNSET, description="With this role.")
    joined_after: datetime | None = strawberry.field(
        default=UNSET, description="Who joined later than this."
    )
    joined_before: datetime | None = strawberry.field(
        default=UNSET, description="Who joined earlier than this."
    )

    def to_domain(self) -> domain.UserFilter:
        """Read the filter."""
        prefix = given(self.username_prefix)
        return domain.UserFilter(
            username_prefix=None if prefix is None else domain.fold(prefix),
            role=given(self.role),
            joined_after=given(self.joined_after),
            joined_before=given(self.joined_before),
        )


@strawberry.input(description="How to order users.")
class UserOrder:
    field: domain.UserOrderField = strawberry.field(
        default=domain.UserOrderField.CREATED_AT, description="By what."
    )
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="Which way."
    )


@strawberry.input(one_of=True, description="What to find a user by: exactly one of these.")
class UserBy:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="Their ID.")
    username: str | None = strawberry.field(
        default=UNSET, description="Their username, whatever the case."
    )


UserFilterArgument = Annotated[
    UserFilter | None, strawberry.argument(description="Which users; all if unset.")
]
UserOrderArgument = Annotated[
    UserOrder | None,
    strawberry.argument(
        description="In which order; if unset by username if the filter has a prefix, "
        "else newest first."
    ),
]
UserByArgument = Annotated[UserBy, strawberry.argument(description="What to find them by.")]


@strawberry.type
class UserQuery:
    @strawberry.field(description="Who asks; null when signed out.", graphql_type=User | None)
    def viewer(self, info: Info) -> Promise[domain.User | None] | None:
        viewer = info.context.work.viewer
        return None if viewer is None else info.context.loaders.user.load(viewer.id)

    @strawberry.field(description="One user; null if there is none.", graphql_type=User | None)
    def user(self, info: Info, by: UserByArgument) -> Promise[domain.User | None]:
        loaders, username = info.context.loaders, given(by.username)
        if username is not None:
            return loaders.user_by_username.load(domain.fold(username))
        return loaders.user.load(domain.UserId(key_of(by.id or "", "User", "by.id")))

    @strawberry.field(description="All users, newest first.", graphql_type=UserConnection)
    def users(
        self,
        info: Info,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        offset: Offset = UNSET,
        filter: UserFilterArgument = UNSET,
        order_by: UserOrderArgument = UNSET,
    ) -> Listing[domain.User]:
        wanted = filter.to_domain() if filter else EVERYONE
        return info.context.loaders.users.listing(
            Window(first, after, last, before, offset),
            order=order_of(order_by) if order_by else wanted.default_order,
            filter=wanted,
        )
