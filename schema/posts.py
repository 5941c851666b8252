"""Posts in the API: their type, their connection, and how to find them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

import domain
from schema.arguments import After, Before, First, Last, Offset, Window, given
from schema.comments import OLDEST_FIRST, CommentConnection, CommentOrderArgument
from schema.connections import Connection
from schema.context import Info
from schema.errors import BadRequest
from schema.ids import Node, key_of
from schema.lists import Listing
from schema.orders import OrderDirection, describe, order_of
from schema.promises import Promise
from schema.relations import related
from schema.sizes import AtMost, TextBy, TextOf, holds, loads
from schema.views import InstanceOf, reads

if TYPE_CHECKING:
    from schema.tags import Tag
    from schema.users import User

TagRef = Annotated["Tag", strawberry.lazy("schema.tags")]
UserRef = Annotated["User", strawberry.lazy("schema.users")]

DEFAULT_EXCERPT_LENGTH = 200
MAX_EXCERPT_LENGTH = 10_000
EVERY_POST = domain.PostFilter()
MAX_ARCHIVE_MONTHS = 1_200  # a century of them, for the cost
EXCERPT = TextBy("length", DEFAULT_EXCERPT_LENGTH, MAX_EXCERPT_LENGTH, domain.characters_read)
"""It is made of more than it holds, and that is what it takes."""

ExcerptLength = Annotated[
    int,
    strawberry.argument(
        description=f"The most characters it may have, from 1 to {MAX_EXCERPT_LENGTH:,}."
    ),
]

describe(
    domain.PostStatus,
    "How far along a post is.",
    DRAFT="Not out yet; its author and moderators see it.",
    PUBLISHED="Out, for everyone.",
    ARCHIVED="Taken back; its author and moderators see it.",
)
describe(
    domain.PostOrderField,
    "What posts can be ordered by.",
    CREATED_AT="When they were begun.",
    PUBLISHED_AT="When they came out; what never did comes last in both directions.",
    TITLE="Their title, by code point.",
)


@strawberry.type(description="A piece of writing, open to comments.")
class Post(Node):
    is_type_of = InstanceOf(domain.Post, domain.PostOrderField)

    slug: str = strawberry.field(description="Its name in addresses; unique, and stable once out.")
    title: str = strawberry.field(description="The headline.")
    body: str = strawberry.field(
        description="The whole of it, as Markdown source.",
        metadata=holds(TextOf(domain.MAX_BODY_LENGTH)),
    )
    status: domain.PostStatus = strawberry.field(description="How far along it is.")
    version: int = strawberry.field(description="Counts its updates, from 1.")
    published_at: datetime | None = strawberry.field(description="When it first came out.")
    created_at: datetime = strawberry.field(description="When it was begun.")
    updated_at: datetime | None = strawberry.field(description="When it was last changed.")

    @strawberry.field(
        description="Its beginning as plain text, cut between words.",
        metadata={**holds(EXCERPT), **reads("body")},
    )
    def excerpt(
        root: strawberry.Parent[domain.Post], length: ExcerptLength = DEFAULT_EXCERPT_LENGTH
    ) -> str:
        if not 1 <= length <= MAX_EXCERPT_LENGTH:
            raise BadRequest(f"Argument `length`: from 1 to {MAX_EXCERPT_LENGTH:,}.")
        return root.excerpt(length)

    author = related(
        UserRef, lambda loaders: loaders.user, by="author_id", description="Who wrote it."
    )
    tags = related(
        list[TagRef],
        lambda loaders: loaders.tags_by_post,
        by="id",
        description="What it is about, by name.",
        metadata=loads(AtMost(domain.MAX_TAGS)),
    )

    @strawberry.field(
        description="Replies, oldest first.", graphql_type=CommentConnection, metadata=reads()
    )
    def comments(
        root: strawberry.Parent[domain.Post],
        info: Info,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        offset: Offset = UNSET,
        order_by: CommentOrderArgument = UNSET,
    ) -> Listing[domain.Comment]:
        return info.context.loaders.comments_by_post.listing(
            Window(first, after, last, before, offset),
            parent=root.id,
            order=order_of(order_by) if order_by else OLDEST_FIRST,
        )


@strawberry.type(description="One page of posts.")
class PostConnection(Connection[Post]):
    pass


@strawberry.input(description="Which posts; what is left out does not narrow the list.")
class PostFilter:
    author: strawberry.ID | None = strawberry.field(default=UNSET, description="By this user.")
    tag: str | None = strawberry.field(default=UNSET, description="Under the tag of this name.")
    status: domain.PostStatus | None = strawberry.field(
        default=UNSET, description="This far along, as far as the viewer may see them."
    )
    published_after: datetime | None = strawberry.field(
        default=UNSET, description="Out later than this; lists by it unless told otherwise."
    )
    published_before: datetime | None = strawberry.field(
        default=UNSET, description="Out earlier than this; lists by it unless told otherwise."
    )

    def to_domain(self) -> domain.PostFilter:
        """Read the filter; raises `BadRequest`."""
        tag = given(self.tag)
        return domain.PostFilter(
            author_id=author_id(self.author, "filter.author"),
            tag=None if tag is None else domain.fold(tag),
            status=given(self.status),
            published_after=given(self.published_after),
            published_before=given(self.published_before),
        )


@strawberry.input(description="How to order posts.")
class PostOrder:
    field: domain.PostOrderField = strawberry.field(
        default=domain.PostOrderField.CREATED_AT, description="By what."
    )
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="Which way."
    )


PostFilterArgument = Annotated[
    PostFilter | None, strawberry.argument(description="Which posts; all if unset.")
]
PostOrderArgument = Annotated[
    PostOrder | None,
    strawberry.argument(
        description="In which order; if unset newest first, "
        "by when they came out if the filter bounds that, else by when they were begun."
    ),
]


@strawberry.input(one_of=True, description="What to find a post by: exactly one of these.")
class PostBy:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="Its ID.")
    slug: str | None = strawberry.field(default=UNSET, description="Its name in addresses.")


PostByArgument = Annotated[PostBy, strawberry.argument(description="What to find it by.")]
ArchiveAuthor = Annotated[
    strawberry.ID | None, strawberry.argument(description="Count only what this user wrote.")
]


@strawberry.type(description="How many posts came out in one month, UTC.")
class ArchiveMonth:
    year: int = strawberry.field(description="The year, such as 2026.")
    month: int = strawberry.field(description="The month, from 1 to 12.")
    post_count: int = strawberry.field(description="How many posts that are still out.")


@strawberry.type
class PostQuery:
    @strawberry.field(
        description="One post; null if there is none that the viewer may see.",
        graphql_type=Post | None,
    )
    def post(self, info: Info, by: PostByArgument) -> Promise[domain.Post | None]:
        loaders, slug = info.context.loaders, given(by.slug)
        if slug is not None:
            return loaders.post_by_slug.load(slug)
        return loaders.post.load(domain.PostId(key_of(by.id or "", "Post", "by.id")))

    @strawberry.field(description="All posts, newest first.", graphql_type=PostConnection)
    def posts(
        self,
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
        return info.context.loaders.posts.listing(
            Window(first, after, last, before, offset),
            order=order_of(order_by) if order_by else wanted.default_order,
            filter=wanted,
        )

    @strawberry.field(
        description="Published posts by month, newest first.",
        graphql_type=list[ArchiveMonth],
        metadata=loads(AtMost(MAX_ARCHIVE_MONTHS)),
    )
    async def archive(
        self, info: Info, author: ArchiveAuthor = UNSET
    ) -> Sequence[domain.ArchiveMonth]:
        published = domain.PostFilter(
            author_id=author_id(author, "author"), status=domain.PostStatus.PUBLISHED
        )
        return await info.context.work.posts.counts_by_month(published)


def author_id(global_id: str | None, argument: str) -> domain.UserId | None:
    """Read the ID of an author, if one is given; raises `BadRequest`."""
    global_id = given(global_id)
    return None if global_id is None else domain.UserId(key_of(global_id, "User", argument))
