"""Another member's draft: not to be reached, nor counted, through any field of the schema.

Each case is a document that tries. What a stranger is answered must be the same
while the draft is there and once it is gone, and its author is answered something
else, or the document would prove nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

import pytest
from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
)

import domain
from schema import schema
from tests.conftest import Execute
from tests.factories import Given, global_id, signed_in

OF_NO_POST = {"User", "UserConnection", "UserEdge", "Session", "FieldProblem"}
"""Types that are not there because a post is; their own fields are looked at like all."""

TELL_NOTHING = {
    "ArchiveMonth.month",
    "ArchiveMonth.year",
    "Mutation.signOut",
    "Post.version",
    "Session.isCurrent",
    "UserConnection.pageInfo",
    "UserConnection.totalCount",
}
"""Numbers of other things, or such as stand beside one that counts posts."""

COUNT_NO_DRAFTS = {"Query.archive", "ArchiveMonth.postCount"}
"""Fields that keep silent about drafts to their authors, too."""

CREATE = """
  createPost(input: {title: "Another", body: "", tags: ["shared", "secret"]}) {
    ... on CreatePostPayload { post { tags { name posts { totalCount } } } }
  }
"""
UPDATE = """
  updatePost(input: {id: $post, title: "Mine"}) {
    __typename ... on UpdatePostPayload { post { title } }
  }
"""
REPLY = """
  addComment(input: {postId: $post, body: "Seen."}) {
    __typename
    ... on AddCommentPayload { comment { post { title } } commentEdge { node { id } } }
  }
"""
REWORD = """
  updateComment(input: {id: $comment, body: "Seen."}) {
    __typename ... on UpdateCommentPayload { comment { post { title } } }
  }
"""
DELETE = """
  deletePost(input: {id: $post, expectedVersion: 7}) {
    __typename ... on VersionConflict { currentVersion }
  }
"""
WRITES: Mapping[str, str] = {
    "Mutation.createPost": CREATE,
    "CreatePostPayload.post": CREATE,
    "Mutation.updatePost": UPDATE,
    "UpdatePostPayload.post": UPDATE,
    "Mutation.addComment": REPLY,
    "AddCommentPayload.comment": REPLY,
    "AddCommentPayload.commentEdge": REPLY,
    "Mutation.updateComment": REWORD,
    "UpdateCommentPayload.comment": REWORD,
    "Mutation.deletePost": DELETE,
    "VersionConflict.currentVersion": DELETE,
}
READS: Mapping[str, str] = {
    "Query.node": "a: node(id: $post) { id } b: node(id: $comment) { id } c: node(id: $tag) { id }",
    "Query.nodes": "nodes(ids: [$post, $comment, $tag]) { id }",
    "Query.post": "a: post(by: {id: $post}) { id } b: post(by: {slug: $slug}) { id }",
    "Query.posts": """
      a: posts { nodes { id } }
      b: posts(filter: {status: DRAFT}) { nodes { id } }
      c: posts(filter: {status: ARCHIVED}) { nodes { id } }
      d: posts(filter: {author: $author, tag: "secret"}) { nodes { id } }
    """,
    "Query.tag": 'tag(name: "secret") { id }',
    "Query.tags": "tags { nodes { name } }",
    "Query.archive": "a: archive { year month } b: archive(author: $author) { year month }",
    "ArchiveMonth.postCount": "a: archive { postCount } b: archive(author: $author) { postCount }",
    "User.posts": "user(by: {id: $author}) { posts { nodes { id } } }",
    "User.comments": "users { nodes { comments { nodes { body } } } }",
    "Post.tags": "posts { nodes { tags { name posts { nodes { id } } } } }",
    "Post.comments": "node(id: $post) { ... on Post { comments { nodes { body } totalCount } } }",
    "Comment.post": "node(id: $comment) { ... on Comment { post { id } } }",
    "Tag.posts": 'tag(name: "shared") { posts { nodes { id } } }',
    "PostConnection.edges": "posts { edges { cursor } }",
    "PostConnection.nodes": "posts { nodes { id } }",
    "PostConnection.pageInfo": "posts { pageInfo { startCursor endCursor } }",
    "PostConnection.totalCount": """
      a: posts { totalCount }
      b: posts(filter: {tag: "shared"}) { totalCount }
      c: posts(filter: {author: $author}) { totalCount }
      d: posts(filter: {status: DRAFT}) { totalCount }
      users { nodes { posts { totalCount } } }
      tags { nodes { posts { totalCount } } }
    """,
    "PostEdge.node": "posts { edges { node { id } } }",
    "CommentConnection.edges": "users { nodes { comments { edges { cursor } } } }",
    "CommentConnection.nodes": "users { nodes { comments { nodes { id post { id } } } } }",
    "CommentConnection.pageInfo": "users { nodes { comments { pageInfo { endCursor } } } }",
    "CommentConnection.totalCount": "users { nodes { comments { totalCount } } }",
    "CommentEdge.node": "users { nodes { comments { edges { node { id } } } } }",
    "TagConnection.edges": "tags { edges { cursor } }",
    "TagConnection.nodes": "tags { nodes { id } }",
    "TagConnection.pageInfo": "tags { pageInfo { startCursor } }",
    "TagConnection.totalCount": "tags { totalCount }",
    "TagEdge.node": "tags { edges { node { id } } }",
    "PageInfo.hasNextPage": """
      posts(first: 1) { pageInfo { hasNextPage } }
      tags(first: 1) { pageInfo { hasNextPage } }
      users { nodes { comments(first: 0) { pageInfo { hasNextPage } } } }
    """,
    "PageInfo.hasPreviousPage": """
      a: posts(last: 1) { pageInfo { hasPreviousPage } }
      b: posts(offset: 1) { pageInfo { hasPreviousPage } }
      users { nodes { comments(last: 0) { pageInfo { hasPreviousPage } } } }
    """,
}


def tells_of_posts(where: str, field: GraphQLField) -> bool:
    """Tell whether a field leads to posts, or to what is there because of one, or counts."""
    if where in TELL_NOTHING:
        return False
    type_ = get_named_type(field.type)
    if type_ in {GraphQLInt, GraphQLBoolean}:
        return True
    if isinstance(type_, GraphQLUnionType):
        return any(
            tells_of_posts(f"{member}.{name}", inner)
            for member in type_.types
            for name, inner in member.fields.items()
        )
    return is_composite_type(type_) and type_.name not in OF_NO_POST


def test_every_field_that_tells_of_posts_has_a_case() -> None:
    """A new one is not forgotten."""
    found = {
        f"{type_}.{name}"
        for type_ in schema._schema.type_map.values()  # noqa: SLF001 (Strawberry offers no other way)
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name, field in type_.fields.items()
        if tells_of_posts(f"{type_}.{name}", field)
    }

    assert found == READS.keys() | WRITES.keys()


@dataclass(frozen=True)
class Scene:
    """A hidden post among others, its author, and two strangers alike."""

    hidden: domain.Post
    author: domain.SignedIn
    strangers: tuple[domain.SignedIn, domain.SignedIn]
    names: Mapping[str, str]

    def document(self, operation: str, text: str) -> str:
        """Write a document about the hidden post."""
        literals = {name: f'"{value}"' for name, value in self.names.items()}
        return f"{operation} {{ {Template(text).substitute(literals)} }}"


async def a_scene(given: Given, status: domain.PostStatus) -> Scene:
    """The post has a tag of its own and one that it shares, and comments by two members."""
    ada, eve = await given.a_user(), await given.a_user()
    strangers = await given.a_user(), await given.a_user()
    out = await given.a_post(by=ada, tags=["shared"])
    await given.a_comment(on=out, by=ada)
    hidden = await given.a_post(by=ada, tags=["shared", "secret"], status=status)
    comment = await given.a_comment(on=hidden, by=ada)
    await given.a_comment(on=hidden, by=eve)
    (secret,) = await given.written(
        lambda work: work.tags.get_or_create(["secret"], at=hidden.created_at)
    )
    names = {
        "post": global_id("Post", hidden.id),
        "comment": global_id("Comment", comment.id),
        "tag": global_id("Tag", secret.id),
        "author": global_id("User", ada.id),
        "slug": hidden.slug,
    }
    return Scene(hidden, signed_in(ada), (signed_in(strangers[0]), signed_in(strangers[1])), names)


async def forget(given: Given, scene: Scene) -> None:
    """Delete the hidden post, if nobody has yet."""

    async def delete(work: domain.UnitOfWork) -> None:
        moderator = work.seen_by(domain.SignedIn(domain.UserId(0), domain.Role.MODERATOR))
        if await moderator.posts.find(scene.hidden.id):
            await moderator.posts.delete(scene.hidden.id)

    await given.written(delete)


@pytest.mark.every_store
@pytest.mark.parametrize("status", [domain.PostStatus.DRAFT, domain.PostStatus.ARCHIVED])
async def test_no_read_tells_of_a_hidden_post(
    execute: Execute, given: Given, status: domain.PostStatus
) -> None:
    """Whoever may not see it is answered as if it never was."""
    scene = await a_scene(given, status)

    async def answers(viewer: domain.Viewer) -> dict[str, Any]:
        results = {
            field: await execute(scene.document("query", text), viewer)
            for field, text in READS.items()
        }
        assert all(result.errors is None for result in results.values())
        return {field: result.data for field, result in results.items()}

    public, stranger = await answers(None), await answers(scene.strangers[0])
    author = await answers(scene.author)
    await forget(given, scene)
    public_after, stranger_after = await answers(None), await answers(scene.strangers[0])

    assert public == public_after
    assert stranger == stranger_after
    told_nothing = {field for field in READS if author[field] == stranger[field]}
    assert told_nothing == COUNT_NO_DRAFTS


@pytest.mark.every_store
@pytest.mark.parametrize(
    "text",
    [pytest.param(text, id=text.split("(")[0].strip()) for text in dict.fromkeys(WRITES.values())],
)
async def test_no_write_tells_of_a_hidden_post(execute: Execute, given: Given, text: str) -> None:
    """Neither by its payload, nor by the way it fails."""
    scene = await a_scene(given, domain.PostStatus.DRAFT)
    document = scene.document("mutation", text)

    stranger = await execute(document, scene.strangers[0])
    author = await execute(document, scene.author)
    await forget(given, scene)
    stranger_after = await execute(document, scene.strangers[1])

    assert stranger.errors is author.errors is stranger_after.errors is None
    assert stranger.data == stranger_after.data
    assert author.data != stranger.data
