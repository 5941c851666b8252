"""Writing, changing and deleting posts."""

from __future__ import annotations

from typing import Any

import pytest

import domain
from tests.conftest import Execute
from tests.factories import Given, global_id, signed_in
from tests.schema.mutations.conftest import Mutate, ReadAll
from tests.schema.mutations.documents import kind_of

WHOLE = """
post {
  slug title body status version publishedAt updatedAt
  author { username posts { totalCount } }
  tags { name posts { totalCount } }
  comments { totalCount nodes { body } }
}
"""


async def test_a_new_post_is_shown_whole(given: Given, mutate: Mutate) -> None:
    """Trimmed, its tags made and folded, and all that is read beneath it is as committed."""
    ada = await given.a_user(username="ada")
    await given.a_post(by=ada, tags=["python"])

    outcome = await mutate(
        "createPost",
        WHOLE,
        viewer=signed_in(ada),
        title="  Über *uns*  ",
        body="\nOnce upon a time.\n",
        tags=["Python", " new ", "python"],
        publish=True,
    )

    post = outcome["post"]
    assert post.pop("publishedAt") is not None
    assert post == {
        "slug": "uber-uns",
        "title": "Über *uns*",
        "body": "Once upon a time.",
        "status": "PUBLISHED",
        "version": 1,
        "updatedAt": None,
        "author": {"username": "ada", "posts": {"totalCount": 2}},
        "tags": [
            {"name": "new", "posts": {"totalCount": 1}},
            {"name": "python", "posts": {"totalCount": 2}},
        ],
        "comments": {"totalCount": 0, "nodes": []},
    }


async def test_a_post_is_a_draft_without_tags_unless_told(given: Given, mutate: Mutate) -> None:
    """Nothing comes out by accident."""
    ada = await given.a_user()

    outcome = await mutate("createPost", WHOLE, viewer=signed_in(ada), title="A title", body="")

    post = outcome["post"]
    assert (post["status"], post["publishedAt"], post["tags"]) == ("DRAFT", None, [])


async def test_a_slug_in_use_gets_an_ending(given: Given, mutate: Mutate) -> None:
    """Titles need not be unique, and nobody is asked to invent a slug."""
    ada, bob = await given.a_user(), await given.a_user()
    await given.a_post(by=ada, title="A title", publish=False)

    outcome = await mutate(
        "createPost", "post { slug }", viewer=signed_in(bob), title="A title", body=""
    )

    assert outcome["post"]["slug"].startswith("a-title-")


@pytest.mark.parametrize(
    "left_out",
    [
        pytest.param({}, id="left-out"),
        pytest.param(
            dict.fromkeys(("title", "body", "tags", "status", "expectedVersion")), id="null"
        ),
    ],
)
async def test_what_is_left_out_or_null_stays(
    given: Given, mutate: Mutate, left_out: dict[str, Any]
) -> None:
    """Clients that send every field as null, and those that send none, mean the same."""
    ada = await given.a_user()
    post = await given.a_post(by=ada, title="A title", body="A text.", tags=["a", "b"])

    outcome = await mutate(
        "updatePost", WHOLE, viewer=signed_in(ada), id=global_id("Post", post.id), **left_out
    )

    edited = outcome["post"]
    assert (edited["title"], edited["body"], edited["status"]) == (
        "A title",
        "A text.",
        "PUBLISHED",
    )
    assert [tag["name"] for tag in edited["tags"]] == ["a", "b"]
    assert edited["version"] == 2 and edited["updatedAt"] is not None


async def test_a_change_is_read_back_at_once(given: Given, mutate: Mutate) -> None:
    """Its tags, its author's posts and its comments as they are after the commit."""
    ada = await given.a_user(username="ada")
    post = await given.a_post(by=ada, tags=["old", "kept"], publish=False)
    await given.a_comment(on=post, by=ada, body="Indeed.")

    outcome = await mutate(
        "updatePost",
        WHOLE,
        viewer=signed_in(ada),
        id=global_id("Post", post.id),
        tags=["kept", "new"],
        status="PUBLISHED",
    )

    edited = outcome["post"]
    assert [tag["name"] for tag in edited["tags"]] == ["kept", "new"]
    assert edited["status"] == "PUBLISHED" and edited["publishedAt"] is not None
    assert edited["comments"] == {"totalCount": 1, "nodes": [{"body": "Indeed."}]}
    assert edited["author"] == {"username": "ada", "posts": {"totalCount": 1}}


async def test_no_tags_is_not_the_same_as_none_given(given: Given, mutate: Mutate) -> None:
    """An empty list takes the tags away."""
    ada = await given.a_user()
    post = await given.a_post(by=ada, tags=["a"])

    outcome = await mutate(
        "updatePost", WHOLE, viewer=signed_in(ada), id=global_id("Post", post.id), tags=[]
    )

    assert outcome["post"]["tags"] == []


async def test_a_slug_follows_the_title_until_it_is_out(given: Given, mutate: Mutate) -> None:
    """A draft's address is nobody's yet; a published one is linked to, archived or not."""
    ada = await given.a_user()
    post = await given.a_post(by=ada, title="One", publish=False)
    steps: list[dict[str, Any]] = [
        {"title": "Two"},
        {"title": "Three", "status": "PUBLISHED"},
        {"title": "Four"},
        {"title": "Five", "status": "ARCHIVED"},
        {"title": "Six", "status": "DRAFT"},
    ]

    slugs = []
    for step in steps:
        outcome = await mutate(
            "updatePost", WHOLE, viewer=signed_in(ada), id=global_id("Post", post.id), **step
        )
        slugs.append(outcome["post"]["slug"])

    assert slugs == ["two", "three", "three", "three", "three"]


@pytest.mark.parametrize("field", ["updatePost", "deletePost"])
@pytest.mark.parametrize(
    ("expected", "member"),
    [
        pytest.param(1, "VersionConflict", id="past"),
        pytest.param(2, "Payload", id="present"),
        pytest.param(3, "VersionConflict", id="future"),
        pytest.param(0, "VersionConflict", id="never"),
        pytest.param(-(2**31), "VersionConflict", id="before-all"),
        pytest.param(None, "Payload", id="any"),
    ],
)
async def test_a_version_that_is_not_the_present_one_is_refused(
    given: Given,
    mutate: Mutate,
    read_all: ReadAll,
    field: str,
    expected: int | None,
    member: str,
) -> None:
    """Whoever read an older one would undo what they have not seen."""
    ada = await given.a_user()
    post = await given.a_post(by=ada)
    edit: dict[str, Any] = {"viewer": signed_in(ada), "id": global_id("Post", post.id)}
    await mutate("updatePost", title="Another title", **edit)
    before = await read_all()

    outcome = await mutate(field, expectedVersion=expected, **edit)

    if member == "VersionConflict":
        assert outcome == {
            "__typename": member,
            "message": "It was changed meanwhile, and is at version 2 now.",
            "currentVersion": 2,
        }
        assert await read_all() == before
    else:
        assert kind_of(outcome).endswith(member)


async def test_all_problems_come_at_once(given: Given, mutate: Mutate, read_all: ReadAll) -> None:
    """Nobody wants to be told one by one; each says where it is."""
    ada = await given.a_user()
    post = await given.a_post(by=ada)
    wrong: dict[str, Any] = {
        "title": " ",
        "body": "x" * 100_001,
        "tags": ["fine", "not fine", "fine", ""],
    }
    before = await read_all()

    written = await mutate("createPost", viewer=signed_in(ada), **wrong)
    edited = await mutate(
        "updatePost", viewer=signed_in(ada), id=global_id("Post", post.id), **wrong
    )

    for outcome in (written, edited):
        assert kind_of(outcome) == "InvalidInput"
        paths = [problem["path"] for problem in outcome["fields"]]
        assert paths == [["title"], ["body"], ["tags", "1"], ["tags", "3"]]
    assert await read_all() == before


async def test_a_deleted_post_takes_its_comments_along(
    given: Given, mutate: Mutate, execute: Execute
) -> None:
    """It is nowhere any more, nor is what was said about it."""
    ada = await given.a_user()
    post = await given.a_post(by=ada, tags=["a"])
    comment = await given.a_comment(on=post, by=ada)
    post_id, comment_id = global_id("Post", post.id), global_id("Comment", comment.id)

    outcome = await mutate("deletePost", "deletedId", viewer=signed_in(ada), id=post_id)
    result = await execute(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } "
        "users { nodes { comments { totalCount } } } }",
        signed_in(ada),
        ids=[post_id, comment_id],
    )

    assert outcome == {"__typename": "DeletePostPayload", "deletedId": post_id}
    assert result.data == {
        "nodes": [None, None],
        "users": {"nodes": [{"comments": {"totalCount": 0}}]},
    }


async def test_moderators_do_not_become_the_author(given: Given, mutate: Mutate) -> None:
    """Who wrote it stays, whoever mends it."""
    ada = await given.a_user(username="ada")
    post = await given.a_post(by=ada)
    moderator = await given.a_user(role=domain.Role.MODERATOR)

    outcome = await mutate(
        "updatePost",
        "post { title author { username } }",
        viewer=signed_in(moderator),
        id=global_id("Post", post.id),
        title="Mended",
    )

    assert outcome["post"] == {"title": "Mended", "author": {"username": "ada"}}
