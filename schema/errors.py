"""Failures, as clients see them.

What a person can act on is a member of a result union (`schema/results.py`).
What a program can handle is a top-level error with `extensions.code`. What
nobody foresaw is masked: the client gets an id, and the log the same id with
the traceback. Nothing else decides what a client sees.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from graphql import ArgumentNode, GraphQLError, ValueNode

import domain

MAX_ERRORS = 10
MAX_MESSAGE_LENGTH = 500
MAX_NAME_LENGTH = 100
LONG_WORD = re.compile(rf"(\S{{{MAX_NAME_LENGTH}}})\S+")

log = logging.getLogger("inkwell.errors")


class Code(StrEnum):
    """What kind of failure it is, in `extensions.code`."""

    BAD_CURSOR = "BAD_CURSOR"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    FORBIDDEN = "FORBIDDEN"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    RATE_LIMITED = "RATE_LIMITED"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    TIMEOUT = "TIMEOUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"


FAULTS = {Code.INTERNAL_SERVER_ERROR, Code.SERVICE_UNAVAILABLE, Code.TIMEOUT}
"""What is not the client's mistake."""


CODES: Mapping[type[Exception | None], Code] = {
    domain.NotAllowed: Code.FORBIDDEN,
    domain.NotSignedIn: Code.UNAUTHENTICATED,
    domain.Busy: Code.SERVICE_UNAVAILABLE,
    domain.OutcomeUnknown: Code.SERVICE_UNAVAILABLE,
    domain.TookTooLong: Code.TIMEOUT,
    domain.TooManyAttempts: Code.RATE_LIMITED,
    domain.Unavailable: Code.SERVICE_UNAVAILABLE,
}
"""The domain's errors that any operation may end in; their messages are fit to be shown."""

PASSING = {Code.SERVICE_UNAVAILABLE, Code.TIMEOUT}
"""What a program may try again."""


class BadRequest(GraphQLError):
    """A mistake of the client's program, told beside the data rather than in it."""

    def __init__(
        self, message: str, *, code: Code = Code.BAD_USER_INPUT, nodes: Any = None, **hints: Any
    ) -> None:
        super().__init__(message, nodes=nodes, extensions={"code": code, **hints})


def shown(
    errors: Sequence[GraphQLError],
    *,
    code: Code = Code.BAD_USER_INPUT,
    may_be_saved: bool = False,
    operation_name: str | None = None,
) -> list[GraphQLError]:
    """Say what a client sees of an operation's errors, ten at the most, and log the unexpected.

    An error that is the document's or a variable's gets the `code`. Whoever might try again is
    told that something may be saved: the error may stand in its place.
    """
    if len(errors) > MAX_ERRORS:  # the unexpected ones first, or they would not be logged
        errors = sorted(errors, key=_is_foreseen)
    seen = []
    for error in errors[:MAX_ERRORS]:
        message, extensions = _message_and_extensions(error, code, operation_name)
        if may_be_saved and extensions.get("code") in PASSING:
            extensions = {**extensions, "mayBeSaved": True}
        seen.append(_replaced(error, message, extensions))
    return seen


def _message_and_extensions(
    error: GraphQLError, code: Code, operation_name: str | None
) -> tuple[str, Mapping[str, Any]]:
    if "code" in (error.extensions or {}):
        return error.message, error.extensions or {}
    cause = error.original_error
    if type(cause) in CODES:
        return error.message, {"code": CODES[type(cause)], **_hints(cause)}
    if _is_the_clients(error):
        return error.message, {"code": code}
    return _masked(error, operation_name)


def _is_foreseen(error: GraphQLError) -> bool:
    """Tell what is told to clients from what is masked."""
    is_told = "code" in (error.extensions or {}) or type(error.original_error) in CODES
    return is_told or _is_the_clients(error)


def _is_the_clients(error: GraphQLError) -> bool:
    """Tell a mistake in the request from a failure in a field.

    Some show only as fields run: a value for an argument, such as null from a variable.
    """
    if not isinstance(error.original_error, GraphQLError | None):
        return False
    about_argument = any(isinstance(node, ValueNode | ArgumentNode) for node in error.nodes or ())
    return error.path is None or about_argument


def _hints(error: BaseException | None) -> dict[str, Any]:
    """Tell a program what else it can know about one of the domain's errors."""
    if isinstance(error, domain.TooManyAttempts):
        return {"retryAfterSeconds": error.retry_after_seconds}
    if isinstance(error, domain.OutcomeUnknown):
        return {"mayBeSaved": True}
    return {}


def _masked(error: GraphQLError, operation_name: str | None) -> tuple[str, dict[str, Any]]:
    """Keep a bug's own words in the log, under an id that the client is given instead."""
    error_id = secrets.token_hex(8)
    path = ".".join(map(str, error.path or ()))
    log.error(
        "Error %s at %s",
        error_id,
        path,
        exc_info=error.original_error or error,
        extra={"error_id": error_id, "error_path": path, "operation_name": operation_name},
    )
    message = f"Something went wrong here (error {error_id})."
    return message, {"code": Code.INTERNAL_SERVER_ERROR, "errorId": error_id}


def _replaced(error: GraphQLError, message: str, extensions: Mapping[str, Any]) -> GraphQLError:
    """Say something else at the same place, and not for longer than anybody reads."""
    path = [_cut(key) if isinstance(key, str) else key for key in error.path or ()]
    return GraphQLError(
        _cut(message)[:MAX_MESSAGE_LENGTH],
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=path if error.path is not None else None,
        extensions=dict(extensions),
    )


def _cut(text: str) -> str:
    """Shorten the names in a text that nobody can have given by hand."""
    return LONG_WORD.sub(r"\1…", text)
