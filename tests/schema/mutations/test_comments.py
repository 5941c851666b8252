"""Writing, changing and deleting comments."""

from __future__ import annotations

import pytest

from tests.answers import as_read
from tests.conftest import Execute
from tests.factories import Given, global_id, signed_in
from tests.schema.mutations.conftest import Mutate

COMMENTS = """
query ($id: ID!, $after: String, $before: String) {
  post(by: {id: $id}) {
    comments(after: $after, before: $before) { edges { cursor node { body } } totalCount }
  }
}
"""


@pytest.mark.every_store
async def test_a_reply_comes_with_its_place_in_the_list(
    given: Given, mutate: Mutate, execute: Execute
) -> None:
    """A client puts the edge at the end of its list, and reads on from there."""
    ada, bob = await given.a_user(), await given.a_user(username="bob")
    post = await given.a_post(by=ada)
    await given.a_comment(on=post, by=ada, body="First.")
    post_id = global_id("Post", post.id)

    outcome = await mutate(
        "addComment",
        "comment { body author { username } post { comments { totalCount } } } "
        "commentEdge { cursor node { body } }",
        viewer=signed_in(bob),
        postId=post_id,
        body=" Second. ",
    )
    edge = outcome["commentEdge"]
    listed = await execute(COMMENTS, id=post_id)
    after = await execute(COMMENTS, id=post_id, after=edge["cursor"])
    before = await execute(COMMENTS, id=post_id, before=edge["cursor"])

    assert outcome["comment"] == {
        "body": "Second.",
        "author": {"username": "bob"},
        "post": {"comments": {"totalCount": 2}},
    }
    assert listed.data and after.data and before.data
    edges = listed.data["post"]["comments"]["edges"]
    assert edge == edges[1]
    assert after.data["post"]["comments"]["edges"] == []
    assert before.data["post"]["comments"]["edges"] == edges[:1]


async def test_a_comment_can_be_reworded(given: Given, mutate: Mutate) -> None:
    """Its place and its author stay, and that it was changed can be seen."""
    ada = await given.a_user(username="ada")
    post = await given.a_post(by=await given.a_user())
    comment = await given.a_comment(on=post, by=ada)

    outcome = await mutate(
        "updateComment",
        "comment { id body author { username } createdAt updatedAt }",
        viewer=signed_in(ada),
        id=global_id("Comment", comment.id),
        body="On second thought, no.",
    )

    reworded = outcome["comment"]
    assert reworded.pop("updatedAt") is not None
    assert reworded == {
        "id": global_id("Comment", comment.id),
        "body": "On second thought, no.",
        "author": {"username": "ada"},
        "createdAt": as_read(comment.created_at),
    }


async def test_a_deleted_comment_leaves_the_others(
    given: Given, mutate: Mutate, execute: Execute
) -> None:
    """And the post counts one less."""
    ada = await given.a_user()
    post = await given.a_post(by=ada)
    comment = await given.a_comment(on=post, by=ada, body="Gone.")
    await given.a_comment(on=post, by=ada, body="Here.")
    comment_id = global_id("Comment", comment.id)

    outcome = await mutate("deleteComment", "deletedId", viewer=signed_in(ada), id=comment_id)
    listed = await execute(COMMENTS, id=global_id("Post", post.id))

    assert outcome == {"__typename": "DeleteCommentPayload", "deletedId": comment_id}
    assert listed.data is not None
    assert listed.data["post"]["comments"]["totalCount"] == 1
    assert listed.data["post"]["comments"]["edges"][0]["node"] == {"body": "Here."}
