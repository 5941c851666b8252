"""The judge itself: one that sees nothing would let everything pass."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fuzz.client import Answer, Request, operation
from tests.fuzz.judge import Judge

FINE = {"errors": [{"message": "No.", "extensions": {"code": "BAD_USER_INPUT"}}]}
ASKED = operation("{ __typename }")


def complaints(content: Any, request: Request = ASKED, *, status: int = 200) -> list[str]:
    headers = (("content-type", "application/json; charset=utf-8"),)
    answer = Answer(status, headers, json.dumps(content).encode())
    return Judge(in_production=True).complaints(request.encoded(), request, answer)


def error(message: str, **more: Any) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": "BAD_USER_INPUT"}, **more}]}


@pytest.mark.parametrize("content", [FINE, {"data": None}, {"data": {"a": 1}, "extensions": {}}])
def test_answers_as_they_should_be_pass(content: Any) -> None:
    """Else every request would be a failure."""
    assert complaints(content) == []


@pytest.mark.parametrize(
    "message",
    [
        "Traceback (most recent call last)",
        'File "/app/schema/posts.py", line 3',
        "sqlalchemy.exc.OperationalError: no such table",
        "SELECT users.id FROM users",
        "INSERT INTO posts",
        "UNIQUE constraint failed",
        "<domain.posts.Post object at 0x7f12ab34cd56>",
        "<class 'int'>",
        "ValueError: nothing",
        "GraphQLError",
        "'NoneType' has no attribute",
        "/home/inkwell/server",
    ],
)
def test_internals_are_seen(message: str) -> None:
    """In messages, which clients show, as in what was loaded."""
    assert complaints(error(message)) and complaints({"data": {"a": message}})


def test_what_a_client_said_itself_is_no_leak() -> None:
    """Errors repeat the names that a client gave."""
    asked = operation("{ strawberry }")

    assert complaints(error("Cannot query field 'strawberry'."), asked) == []


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"data": 1},
        {"message": "No."},
        {"errors": []},
        {"errors": FINE["errors"] * 11},
        {"errors": [{"message": "No."}]},
        {"errors": [{"message": "No.", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]},
        error("x" * 501),
        error("No.", traceback=[]),
        error("No. Did you mean 'posts'?"),
    ],
)
def test_other_shapes_are_seen(content: Any) -> None:
    """Clients read what the specification says, and production suggests nothing."""
    assert complaints(content)


def test_failures_of_the_server_are_seen() -> None:
    """Whatever they say."""
    assert complaints(FINE, status=500) == ["the status is 500"]
