"""What a client is told: enough to go by, and no more than anybody reads."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from graphql import GraphQLError

import domain
from schema.errors import MAX_ERRORS, MAX_MESSAGE_LENGTH, MAX_NAME_LENGTH, BadRequest, Code, shown
from tests.conftest import Execute

LONG = "x" * 5_000
CUT = "x" * MAX_NAME_LENGTH + "…"


def failure(cause: Exception, path: list[str | int] | None = None) -> GraphQLError:
    """What GraphQL makes of an exception in a field."""
    return GraphQLError(str(cause), path=path or ["a"], original_error=cause)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("{ " + " ".join(f"f{n}" for n in range(20)) + " }", id="fields"),
        pytest.param(
            "{ " + " ".join(f"a{n}: posts(first: 1, x: 1) {{ id }}" for n in range(19)) + " }",
            id="several-in-each",
        ),
        pytest.param(
            "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", id="elements-of-a-variable"
        ),
        pytest.param(
            "{ " + " ".join(f'a{n}: node(id: "?") {{ id }}' for n in range(19)) + " }",
            id="as-it-runs",
        ),
    ],
)
async def test_ten_errors_are_told_at_the_most(execute: Execute, document: str) -> None:
    """Who reads the first ten has enough to mend, and an answer is no larger than its question."""
    result = await execute(document, ids=[{}] * 500)

    assert len(result.errors or ()) == MAX_ERRORS


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(f"{{ {LONG} }}", id="field"),
        pytest.param(f"{{ posts({LONG}: 1) {{ totalCount }} }}", id="argument"),
        pytest.param(f"{{ posts(orderBy: {{field: {LONG}}}) {{ totalCount }} }}", id="enum-value"),
        pytest.param(f'{{ posts(first: "{LONG}") {{ totalCount }} }}', id="text"),
        pytest.param(f"{{ ...{LONG} }}", id="fragment"),
        pytest.param(f"{{ __typename @{LONG} }}", id="directive"),
        pytest.param(f"query (${LONG}: Int) {{ __typename }}", id="variable"),
        pytest.param(f'{{ "{LONG}" }}', id="no-document"),
        pytest.param(f'{{ {LONG}: node(id: "?") {{ id }} }}', id="path"),
        pytest.param(f'{{ posts(first: "{"many words " * 500}") {{ totalCount }} }}', id="words"),
    ],
)
async def test_what_a_client_wrote_is_not_echoed_at_length(execute: Execute, document: str) -> None:
    """Names are cut at 100 characters and messages at 500, wherever they are told."""
    result = await execute(document)

    for error in result.errors or ():
        words = [*error.message.split(), *map(str, error.path or ())]
        assert len(error.message) <= MAX_MESSAGE_LENGTH
        assert max(map(len, words)) <= MAX_NAME_LENGTH + 1
    assert result.errors


def test_a_name_that_is_just_short_enough_stays() -> None:
    """In a message and in a path, whose numbers are no names."""
    name = "x" * MAX_NAME_LENGTH

    fits, long = shown(
        [
            GraphQLError(f"About {name} here.", path=[name, 3]),
            GraphQLError(f"About {LONG} here.", path=[LONG, 3]),
        ],
        code=Code.BAD_USER_INPUT,
    )

    assert fits.path == [name, 3]
    assert long.path == [CUT, 3]


def test_a_failure_is_masked_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """What was masked passes as it is, should it be shown again: one failure has one id."""
    with caplog.at_level(logging.ERROR, "inkwell.errors"):
        (masked,) = shown([failure(KeyError("secret"), ["a", 0, "b"])], operation_name="Feed")
        (again,) = shown([masked])

    assert "secret" not in masked.message and "secret" not in str(masked.formatted)
    assert masked.original_error is None
    assert (again.message, again.extensions) == (masked.message, masked.extensions)
    assert masked.path == ["a", 0, "b"]
    (record,) = caplog.records
    error_id = (masked.extensions or {})["errorId"]
    assert (record.__dict__["error_id"], record.__dict__["error_path"]) == (error_id, "a.0.b")
    assert record.__dict__["operation_name"] == "Feed"
    assert record.exc_info is not None and isinstance(record.exc_info[1], KeyError)


def test_a_failure_behind_many_mistakes_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """It is told before the mistakes, of which there are more than are told."""
    mistakes = [BadRequest("No.")] * MAX_ERRORS

    with caplog.at_level(logging.ERROR, "inkwell.errors"):
        told = shown([*mistakes, failure(KeyError("secret"))])

    assert len(told) == MAX_ERRORS and len(caplog.records) == 1
    assert (told[0].extensions or {})["code"] == "INTERNAL_SERVER_ERROR"


@pytest.mark.parametrize(
    ("cause", "extensions"),
    [
        (domain.NotSignedIn(), {"code": "UNAUTHENTICATED"}),
        (domain.Busy(), {"code": "SERVICE_UNAVAILABLE"}),
        (domain.Unavailable(), {"code": "SERVICE_UNAVAILABLE"}),
        (domain.OutcomeUnknown(), {"code": "SERVICE_UNAVAILABLE", "mayBeSaved": True}),
        (domain.TookTooLong(), {"code": "TIMEOUT"}),
        (domain.TooManyAttempts(7), {"code": "RATE_LIMITED", "retryAfterSeconds": 7}),
        (BadRequest("No.", code=Code.BAD_CURSOR), {"code": "BAD_CURSOR"}),
    ],
)
def test_a_failure_that_is_foreseen_has_its_code(
    cause: Exception, extensions: dict[str, Any]
) -> None:
    """And what else a program may go by; its message is fit to be read."""
    error = cause if isinstance(cause, GraphQLError) else failure(cause)

    (seen,) = shown([error])

    assert seen.extensions == extensions
    assert seen.message == (cause.message if isinstance(cause, GraphQLError) else str(cause))


@pytest.mark.parametrize(
    ("cause", "is_told"),
    [
        (domain.Unavailable(), True),
        (domain.TookTooLong(), True),
        (domain.OutcomeUnknown(), True),
        (domain.NotSignedIn(), False),
        (BadRequest("No."), False),
        (KeyError("bug"), False),
    ],
)
def test_who_may_try_again_is_told_that_something_may_be_saved(
    cause: Exception, *, is_told: bool
) -> None:
    """A program repeats what passes; if it had written before, it would write twice."""
    error = cause if isinstance(cause, GraphQLError) else failure(cause)

    (before_writing,) = shown([error])
    (after_writing,) = shown([error], may_be_saved=True)

    is_unknown = isinstance(cause, domain.OutcomeUnknown)
    assert ("mayBeSaved" in (before_writing.extensions or {})) is is_unknown
    assert ("mayBeSaved" in (after_writing.extensions or {})) is is_told
