"""Writing, changing and deleting posts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

import domain
from schema.arguments import given
from schema.context import Info
from schema.ids import key_of
from schema.posts import Post
from schema.results import InvalidInput, NotFound, VersionConflict


@strawberry.input(description="A post to be.")
class CreatePostInput:
    title: str = strawberry.field(description="The headline: one line of 1 to 200 characters.")
    body: str = strawberry.field(description="Markdown, up to 100,000 characters.")
    tags: list[str] = strawberry.field(
        default_factory=list,
        description="The names of up to 10 tags, each of 1 to 40 of a-z, 0-9 and -.",
    )
    publish: bool = strawberry.field(
        default=False, description="Whether it comes out at once; a draft if not."
    )


@strawberry.type(description="What came of writing a post.")
class CreatePostPayload:
    post: domain.Post = strawberry.field(graphql_type=Post, description="The new post.")


CreatePostResult = Annotated[
    CreatePostPayload | InvalidInput,
    strawberry.union("CreatePostResult", description="The new post, or why not."),
]
CreatePostArgument = Annotated[CreatePostInput, strawberry.argument(description="The post to be.")]


@strawberry.input(description="Changes to a post; what is left out or null stays as it is.")
class UpdatePostInput:
    id: strawberry.ID = strawberry.field(description="The post to change.")
    title: str | None = strawberry.field(
        default=UNSET, description="Another headline: one line of 1 to 200 characters."
    )
    body: str | None = strawberry.field(
        default=UNSET, description="Another text: Markdown, up to 100,000 characters."
    )
    tags: list[str] | None = strawberry.field(
        default=UNSET, description="The names of all its tags from now on, up to 10."
    )
    status: domain.PostStatus | None = strawberry.field(
        default=UNSET, description="How far along it is from now on."
    )
    expected_version: int | None = strawberry.field(
        default=UNSET, description="The version it was read at; any if unset or null."
    )


@strawberry.type(description="What came of changing a post.")
class UpdatePostPayload:
    post: domain.Post = strawberry.field(graphql_type=Post, description="The post as it is now.")


UpdatePostResult = Annotated[
    UpdatePostPayload | InvalidInput | NotFound | VersionConflict,
    strawberry.union("UpdatePostResult", description="The changed post, or why not."),
]
UpdatePostArgument = Annotated[
    UpdatePostInput, strawberry.argument(description="Which post, and what changes.")
]


@strawberry.input(description="A post to delete.")
class DeletePostInput:
    id: strawberry.ID = strawberry.field(description="The post to delete.")
    expected_version: int | None = strawberry.field(
        default=UNSET, description="The version it was read at; any if unset or null."
    )


@strawberry.type(description="What came of deleting a post.")
class DeletePostPayload:
    deleted_id: strawberry.ID = strawberry.field(description="The ID that the post had.")


DeletePostResult = Annotated[
    DeletePostPayload | NotFound | VersionConflict,
    strawberry.union("DeletePostResult", description="The post's ID, or why not."),
]
DeletePostArgument = Annotated[DeletePostInput, strawberry.argument(description="Which post.")]


@strawberry.type
class PostMutation:
    @strawberry.mutation(description="Write a post.", graphql_type=CreatePostResult)
    async def create_post(self, info: Info, input: CreatePostArgument) -> CreatePostPayload:
        work = info.context.work
        post = domain.NewPost.write(
            author_id=info.context.signed_in().id,
            title=input.title,
            body=input.body,
            tags=input.tags,
            publish=input.publish,
            at=datetime.now(UTC),
        )
        return CreatePostPayload(
            post=await info.context.transaction(lambda: work.posts.create(post))
        )

    @strawberry.mutation(
        description="Edit, publish or archive a post; for its author and moderators.",
        graphql_type=UpdatePostResult,
    )
    async def update_post(self, info: Info, input: UpdatePostArgument) -> UpdatePostPayload:
        work, viewer = info.context.work, info.context.signed_in()
        post_id = domain.PostId(key_of(input.id, "Post", "input.id"))

        async def write() -> domain.Post:
            post = await work.posts.get_for_update(post_id)
            domain.check_may_change(viewer, post)
            post.check_version(given(input.expected_version))
            edit = post.edit(
                title=given(input.title),
                body=given(input.body),
                tags=given(input.tags),
                status=given(input.status),
                at=datetime.now(UTC),
            )
            return await work.posts.update(edit)

        return UpdatePostPayload(post=await info.context.transaction(write))

    @strawberry.mutation(
        description="Delete a post, with its comments; for its author and moderators.",
        graphql_type=DeletePostResult,
    )
    async def delete_post(self, info: Info, input: DeletePostArgument) -> DeletePostPayload:
        work, viewer = info.context.work, info.context.signed_in()
        post_id = domain.PostId(key_of(input.id, "Post", "input.id"))

        async def write() -> None:
            post = await work.posts.get_for_update(post_id)
            domain.check_may_change(viewer, post)
            post.check_version(given(input.expected_version))
            await work.posts.delete(post_id)

        await info.context.transaction(write)
        return DeletePostPayload(deleted_id=input.id)
