"""IDs that name something else, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import GraphQLID, get_named_type

import domain
from tests.factories import Given, global_id, signed_in
from tests.schema.mutations.conftest import Mutate, ReadAll
from tests.schema.mutations.documents import mutation_inputs

IDS: Mapping[tuple[str, str], str] = {
    ("updatePost", "id"): "Post",
    ("deletePost", "id"): "Post",
    ("addComment", "postId"): "Post",
    ("updateComment", "id"): "Comment",
    ("deleteComment", "id"): "Comment",
    ("endSession", "id"): "Session",
}
REQUIRED: Mapping[str, dict[str, Any]] = {
    "addComment": {"body": "Indeed."},
    "updateComment": {"body": "Not at all."},
}
CASES = [
    pytest.param(field, name, kind, id=f"{field}-{name}") for (field, name), kind in IDS.items()
]


def test_every_id_is_looked_at() -> None:
    """A new one is not forgotten."""
    found = {
        (field, name)
        for field, input_type in mutation_inputs().items()
        for name, value in input_type.fields.items()
        if get_named_type(value.type) is GraphQLID
    }

    assert found == IDS.keys()


@pytest.mark.parametrize(("field", "name", "kind"), CASES)
async def test_an_id_of_another_kind_is_the_programs_mistake(
    given: Given, mutate: Mutate, read_all: ReadAll, field: str, name: str, kind: str
) -> None:
    """Told by the argument's name, even if something of that kind has the same key."""
    admin = await given.a_user(role=domain.Role.ADMIN)
    post = await given.a_post(by=admin)
    await given.a_comment(on=post, by=admin)
    others = {"User", "Post", "Comment", "Tag", "Session", "Planet"} - {kind}
    wrong = ["", "?", "1", *(global_id(other, 1) for other in sorted(others))]
    before = await read_all()

    outcomes = [
        await mutate(field, viewer=signed_in(admin), **{name: id}, **REQUIRED.get(field, {}))
        for id in wrong  # noqa: A001 (what it is)
    ]

    assert {outcome["code"] for outcome in outcomes} == {"BAD_USER_INPUT"}
    assert all(f"`input.{name}`" in outcome["message"] for outcome in outcomes), outcomes
    assert await read_all() == before


@pytest.mark.parametrize(("field", "name", "kind"), CASES)
async def test_what_is_gone_or_never_was_is_not_found(
    given: Given, mutate: Mutate, read_all: ReadAll, field: str, name: str, kind: str
) -> None:
    """A person can act on that, and the answer says which ID it was."""
    admin = await given.a_user(role=domain.Role.ADMIN)
    gone_id = await deleted(given, kind, admin)
    before = await read_all()

    outcomes = [
        await mutate(field, viewer=signed_in(admin), **{name: id}, **REQUIRED.get(field, {}))
        for id in (gone_id, global_id(kind, 2**62))  # noqa: A001 (what it is)
    ]

    message = f"No such {kind.lower()}."
    assert outcomes == [
        {"__typename": "NotFound", "message": message, "id": gone_id},
        {"__typename": "NotFound", "message": message, "id": global_id(kind, 2**62)},
    ]
    assert await read_all() == before


async def deleted(given: Given, kind: str, by: domain.User) -> str:
    """The ID of something of this kind that was there."""
    post = await given.a_post(by=by)
    match kind:
        case "Post":
            await given.written(lambda work: work.posts.delete(post.id))
            return global_id(kind, post.id)
        case "Comment":
            comment = await given.a_comment(on=post, by=by)
            await given.written(lambda work: work.comments.delete(comment.id))
            return global_id(kind, comment.id)
    session = await given.a_session(of=by, at=datetime.now(UTC))
    await given.written(lambda work: work.sessions.delete(session.id, user_id=by.id))
    return global_id(kind, session.id)
