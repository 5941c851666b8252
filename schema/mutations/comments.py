"""Writing, changing and deleting comments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import strawberry

import domain
from schema.arguments import Window
from schema.comments import OLDEST_FIRST, Comment
from schema.connections import Edge
from schema.context import Info
from schema.ids import key_of
from schema.lists import Edge as ListedEdge
from schema.results import InvalidInput, NotFound


@strawberry.input(description="A reply to a post.")
class AddCommentInput:
    post_id: strawberry.ID = strawberry.field(description="The post replied to.")
    body: str = strawberry.field(description="The reply: plain text of 1 to 5,000 characters.")


@strawberry.type(description="What came of replying.")
class AddCommentPayload:
    comment: domain.Comment = strawberry.field(graphql_type=Comment, description="The reply.")

    @strawberry.field(
        description="The reply in `Post.comments`, as that is ordered if nothing else is asked.",
        graphql_type=Edge[Comment],
    )
    def comment_edge(self, info: Info) -> ListedEdge[domain.Comment]:
        listing = info.context.loaders.comments_by_post.listing(
            Window(), parent=self.comment.post_id, order=OLDEST_FIRST
        )
        return listing.edge(self.comment)


AddCommentResult = Annotated[
    AddCommentPayload | InvalidInput | NotFound,
    strawberry.union("AddCommentResult", description="The new comment, or why not."),
]
AddCommentArgument = Annotated[
    AddCommentInput, strawberry.argument(description="The reply, and to what.")
]


@strawberry.input(description="Another wording for a comment.")
class UpdateCommentInput:
    id: strawberry.ID = strawberry.field(description="The comment to change.")
    body: str = strawberry.field(
        description="The new wording: plain text of 1 to 5,000 characters."
    )


@strawberry.type(description="What came of changing a comment.")
class UpdateCommentPayload:
    comment: domain.Comment = strawberry.field(
        graphql_type=Comment, description="The comment as it is now."
    )


UpdateCommentResult = Annotated[
    UpdateCommentPayload | InvalidInput | NotFound,
    strawberry.union("UpdateCommentResult", description="The changed comment, or why not."),
]
UpdateCommentArgument = Annotated[
    UpdateCommentInput, strawberry.argument(description="Which comment, and its new wording.")
]


@strawberry.input(description="A comment to delete.")
class DeleteCommentInput:
    id: strawberry.ID = strawberry.field(description="The comment to delete.")


@strawberry.type(description="What came of deleting a comment.")
class DeleteCommentPayload:
    deleted_id: strawberry.ID = strawberry.field(description="The ID that the comment had.")


DeleteCommentResult = Annotated[
    DeleteCommentPayload | NotFound,
    strawberry.union("DeleteCommentResult", description="The comment's ID, or why not."),
]
DeleteCommentArgument = Annotated[
    DeleteCommentInput, strawberry.argument(description="Which comment.")
]


@strawberry.type
class CommentMutation:
    @strawberry.mutation(description="Reply to a post.", graphql_type=AddCommentResult)
    async def add_comment(self, info: Info, input: AddCommentArgument) -> AddCommentPayload:
        work, viewer = info.context.work, info.context.signed_in()
        post_id = domain.PostId(key_of(input.post_id, "Post", "input.postId"))

        async def write() -> domain.Comment:
            post = await work.posts.get(post_id)
            reply = domain.NewComment.reply(
                post, author_id=viewer.id, body=input.body, at=datetime.now(UTC)
            )
            return await work.comments.create(reply)

        return AddCommentPayload(comment=await info.context.transaction(write))

    @strawberry.mutation(
        description="Reword a comment; for its author and moderators.",
        graphql_type=UpdateCommentResult,
    )
    async def update_comment(
        self, info: Info, input: UpdateCommentArgument
    ) -> UpdateCommentPayload:
        work, viewer = info.context.work, info.context.signed_in()
        comment_id = domain.CommentId(key_of(input.id, "Comment", "input.id"))

        async def write() -> domain.Comment:
            comment = await work.comments.get_for_update(comment_id)
            domain.check_may_change(viewer, comment)
            comment = comment.reword(input.body, at=datetime.now(UTC))
            await work.comments.update(comment)
            return comment

        return UpdateCommentPayload(comment=await info.context.transaction(write))

    @strawberry.mutation(
        description="Delete a comment; for its author and moderators.",
        graphql_type=DeleteCommentResult,
    )
    async def delete_comment(
        self, info: Info, input: DeleteCommentArgument
    ) -> DeleteCommentPayload:
        work, viewer = info.context.work, info.context.signed_in()
        comment_id = domain.CommentId(key_of(input.id, "Comment", "input.id"))

        async def write() -> None:
            comment = await work.comments.get_for_update(comment_id)
            domain.check_may_change(viewer, comment)
            await work.comments.delete(comment_id)

        await info.context.transaction(write)
        return DeleteCommentPayload(deleted_id=input.id)
