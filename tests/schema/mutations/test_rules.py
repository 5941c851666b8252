"""Who may change what: each mutation, done by each kind of viewer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

import domain
from tests.factories import Given, global_id, signed_in
from tests.schema.mutations.conftest import Mutate, ReadAll
from tests.schema.mutations.documents import kind_of, mutation_inputs

FOR_ANYONE = {"signUp", "signIn"}  # and `signOut`, which takes no input

SIGNED_OUT, FORBIDDEN, NOT_FOUND, DONE = "UNAUTHENTICATED", "FORBIDDEN", "NotFound", "done"
VIEWERS = ("public", "member", "author", "moderator", "admin")
RULES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("createPost", "nothing"): (SIGNED_OUT, DONE, DONE, DONE, DONE),
    ("updatePost", "published"): (SIGNED_OUT, FORBIDDEN, DONE, DONE, DONE),
    ("updatePost", "draft"): (SIGNED_OUT, NOT_FOUND, DONE, DONE, DONE),
    ("updatePost", "archived"): (SIGNED_OUT, NOT_FOUND, DONE, DONE, DONE),
    ("deletePost", "published"): (SIGNED_OUT, FORBIDDEN, DONE, DONE, DONE),
    ("deletePost", "draft"): (SIGNED_OUT, NOT_FOUND, DONE, DONE, DONE),
    ("deletePost", "archived"): (SIGNED_OUT, NOT_FOUND, DONE, DONE, DONE),
    ("addComment", "published"): (SIGNED_OUT, DONE, DONE, DONE, DONE),
    ("addComment", "draft"): (SIGNED_OUT, NOT_FOUND, DONE, DONE, DONE),
    ("addComment", "archived"): (SIGNED_OUT, NOT_FOUND, DONE, DONE, DONE),
    ("updateComment", "published"): (SIGNED_OUT, FORBIDDEN, DONE, DONE, DONE),
    ("updateComment", "draft"): (SIGNED_OUT, NOT_FOUND, DONE, DONE, DONE),
    ("updateComment", "archived"): (SIGNED_OUT, NOT_FOUND, DONE, DONE, DONE),
    ("deleteComment", "published"): (SIGNED_OUT, FORBIDDEN, DONE, DONE, DONE),
    ("deleteComment", "draft"): (SIGNED_OUT, NOT_FOUND, DONE, DONE, DONE),
    ("deleteComment", "archived"): (SIGNED_OUT, NOT_FOUND, DONE, DONE, DONE),
    ("updateProfile", "nothing"): (SIGNED_OUT, DONE, DONE, DONE, DONE),
    ("endSession", "session"): (SIGNED_OUT, NOT_FOUND, DONE, NOT_FOUND, NOT_FOUND),
}
CASES = [
    pytest.param(field, on, viewer, expected, id=f"{field}-{on}-{viewer}")
    for (field, on), row in RULES.items()
    for viewer, expected in zip(VIEWERS, row, strict=True)
]


async def a_viewer(given: Given, kind: str, author: domain.User) -> domain.Viewer:
    """Someone of this kind."""
    if kind == "public":
        return None
    if kind == "author":
        return signed_in(author)
    return signed_in(await given.a_user(role=domain.Role(kind.upper())))


async def input_for(given: Given, field: str, on: str, author: domain.User) -> dict[str, Any]:
    """What a mutation is told to do, and to what of the author's."""
    match field, on:
        case "createPost", "nothing":
            return {"title": "A title", "body": "A text."}
        case "updateProfile", "nothing":
            return {"bio": "Anew."}
        case "endSession", "session":
            session = await given.a_session(of=author, at=datetime.now(UTC))
            return {"id": global_id("Session", session.id)}
    post = await given.a_post(by=author, status=domain.PostStatus(on.upper()))
    comment = await given.a_comment(on=post, by=author)
    post_id, comment_id = global_id("Post", post.id), global_id("Comment", comment.id)
    return {
        "updatePost": {"id": post_id, "title": "Another title"},
        "deletePost": {"id": post_id},
        "addComment": {"postId": post_id, "body": "Indeed."},
        "updateComment": {"id": comment_id, "body": "Not at all."},
        "deleteComment": {"id": comment_id},
    }[field]


@pytest.mark.parametrize(("field", "on", "kind", "expected"), CASES)
async def test_a_mutation_is_for_those_who_may(
    given: Given, mutate: Mutate, read_all: ReadAll, field: str, on: str, kind: str, expected: str
) -> None:
    """What one may not see is not found, what is another's is forbidden, and neither is touched."""
    author = await given.a_user()
    viewer = await a_viewer(given, kind, author)
    told = await input_for(given, field, on, author)
    before = await read_all()

    outcome = await mutate(field, viewer=viewer, **told)

    is_done = kind_of(outcome).endswith("Payload")
    assert (DONE if is_done else kind_of(outcome)) == expected, outcome
    assert is_done or await read_all() == before


def test_every_mutation_has_its_rules() -> None:
    """A new one is not forgotten."""
    assert {field for field, _ in RULES} == mutation_inputs().keys() - FOR_ANYONE


async def test_whoever_is_signed_out_is_told_so_first(mutate: Mutate) -> None:
    """Before an ID is looked at or a text is checked: nothing to learn, nothing read."""
    inputs: Mapping[str, dict[str, Any]] = {
        "createPost": {"title": "", "body": ""},
        "updatePost": {"id": "?"},
        "deletePost": {"id": "?"},
        "addComment": {"postId": "?", "body": ""},
        "updateComment": {"id": "?", "body": ""},
        "deleteComment": {"id": "?"},
        "updateProfile": {"email": ""},
        "endSession": {"id": "?"},
    }

    outcomes = [await mutate(field, **told) for field, told in inputs.items()]

    assert inputs.keys() == mutation_inputs().keys() - FOR_ANYONE
    assert outcomes == [{"code": SIGNED_OUT, "message": "Sign in first."}] * len(outcomes)


@pytest.mark.every_store
async def test_an_account_that_is_gone_can_do_nothing(given: Given, mutate: Mutate) -> None:
    """It may end while its owner's request is on its way."""
    ada = await given.a_user()
    await given.written(lambda work: work.users.delete(ada.id))

    written = await mutate("createPost", viewer=signed_in(ada), title="A title", body="")
    edited = await mutate("updateProfile", viewer=signed_in(ada), bio="Anew.")

    assert [kind_of(each) for each in (written, edited)] == [SIGNED_OUT] * 2
