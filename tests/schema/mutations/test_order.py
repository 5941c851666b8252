"""Several mutations in one document: in order, and each on its own."""

from __future__ import annotations

import pytest

from tests.conftest import Execute
from tests.factories import Given, global_id, signed_in

THREE = """
mutation ($a: CreatePostInput!, $b: CreatePostInput!, $c: CreatePostInput!) {
  a: createPost(input: $a) { ...Outcome }
  b: createPost(input: $b) { ...Outcome }
  c: createPost(input: $c) { ...Outcome }
}

fragment Outcome on CreatePostResult {
  __typename
  ... on CreatePostPayload { post { title author { posts(orderBy: {direction: ASC}) {
    totalCount nodes { title }
  } } } }
}
"""

ALL = (
    "{ posts(orderBy: {direction: ASC}) { nodes { title tags { name } } } tags { nodes { name } } }"
)


@pytest.mark.every_store
async def test_a_failed_mutation_undoes_only_itself(execute: Execute, given: Given) -> None:
    """The one before it is kept, the one after it runs, and each sees those before."""
    ada = signed_in(await given.a_user())

    result = await execute(
        THREE,
        ada,
        a={"title": "A", "body": "", "tags": ["a"]},
        b={"title": "", "body": "", "tags": ["b"]},
        c={"title": "C", "body": "", "tags": ["c"]},
    )
    stored = await execute(ALL, ada)

    def payload(*titles: str) -> dict[str, object]:
        posts = {"totalCount": len(titles), "nodes": [{"title": title} for title in titles]}
        post = {"title": titles[-1], "author": {"posts": posts}}
        return {"__typename": "CreatePostPayload", "post": post}

    assert result.errors is None
    assert result.data == {
        "a": payload("A"),
        "b": {"__typename": "InvalidInput"},
        "c": payload("A", "C"),
    }
    assert stored.data == {
        "posts": {
            "nodes": [
                {"title": "A", "tags": [{"name": "a"}]},
                {"title": "C", "tags": [{"name": "c"}]},
            ]
        },
        "tags": {"nodes": [{"name": "a"}, {"name": "c"}]},
    }


WRITE_THEN_FORBIDDEN = """
mutation ($a: CreatePostInput!, $b: DeletePostInput!, $c: CreatePostInput!) {
  a: createPost(input: $a) { __typename }
  b: deletePost(input: $b) { __typename }
  c: createPost(input: $c) { __typename }
}
"""


@pytest.mark.every_store
async def test_an_error_beside_the_data_ends_the_document(execute: Execute, given: Given) -> None:
    """Mutations can't be null, so there is no data; what was done before it stays done."""
    ada, bob = await given.a_user(), await given.a_user()
    post = await given.a_post(by=bob, title="B")

    result = await execute(
        WRITE_THEN_FORBIDDEN,
        signed_in(ada),
        a={"title": "A", "body": ""},
        b={"id": global_id("Post", post.id)},
        c={"title": "C", "body": ""},
    )
    stored = await execute(ALL, signed_in(ada))

    assert result.data is None and result.errors is not None
    assert [(error.path, error.extensions) for error in result.errors] == [
        (["b"], {"code": "FORBIDDEN"})
    ]
    assert stored.data is not None
    assert [each["title"] for each in stored.data["posts"]["nodes"]] == ["B", "A"]


EDIT_TWICE = """
mutation ($id: ID!, $comment: AddCommentInput!) {
  one: updatePost(input: {id: $id, title: "One", tags: ["one"]}) { ...Outcome }
  reply: addComment(input: $comment) { ... on AddCommentPayload { comment { post { ...Whole } } } }
  two: updatePost(input: {id: $id, title: "Two", tags: ["two"]}) { ...Outcome }
  stale: updatePost(input: {id: $id, title: "Three", expectedVersion: 1}) { ...Outcome }
  gone: deletePost(input: {id: $id}) { __typename }
  never: addComment(input: $comment) { __typename }
}

fragment Outcome on UpdatePostResult {
  ... on UpdatePostPayload { post { ...Whole } }
  ... on VersionConflict { currentVersion }
}

fragment Whole on Post { title version tags { name } comments { totalCount nodes { body } } }
"""


@pytest.mark.every_store
async def test_no_read_answers_from_before_the_commit(execute: Execute, given: Given) -> None:
    """The same post is read beneath each field, as that one left it."""
    ada = await given.a_user()
    post = await given.a_post(by=ada, title="Zero")
    post_id = global_id("Post", post.id)

    result = await execute(
        EDIT_TWICE,
        signed_in(ada),
        id=post_id,
        comment={"postId": post_id, "body": "Indeed."},
    )

    def whole(title: str, version: int, replies: int) -> dict[str, object]:
        return {
            "title": title,
            "version": version,
            "tags": [{"name": title.lower()}],
            "comments": {"totalCount": replies, "nodes": [{"body": "Indeed."}] * replies},
        }

    assert result.errors is None
    assert result.data == {
        "one": {"post": whole("One", 2, 0)},
        "reply": {"comment": {"post": whole("One", 2, 1)}},
        "two": {"post": whole("Two", 3, 1)},
        "stale": {"currentVersion": 3},
        "gone": {"__typename": "DeletePostPayload"},
        "never": {"__typename": "NotFound"},
    }
