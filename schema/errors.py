"""Failures, as clients see them.

What a person can act on is a member of a result union (`schema/results.py`).
What a program can handle is a top-level error with `extensions.code`. What
nobody foresaw is masked: the client gets an id, and the log the same id with
the traceback. Nothing else decides what a client sees.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from graphql import ArgumentNode, GraphQLError, ValueNode
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import PreExecutionError

import domain

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

    def __init__(self, message: str, *, code: Code = Code.BAD_USER_INPUT) -> None:
        super().__init__(message, extensions={"code": code})


class ErrorPolicy(SchemaExtension):
    """Gives each error of an operation its code, and masks the unexpected ones."""

    def on_operation(self) -> Iterator[None]:
        """Look at the errors once everything that can fail has run."""
        yield
        result = self.execution_context.result
        if result is not None and result.errors:
            result.errors = [self._warned(self._as_seen(error)) for error in result.errors]

    def _warned(self, error: GraphQLError) -> GraphQLError:
        """Tell who might try again that something was saved: the error may stand in its place."""
        context = self.execution_context.context
        extensions = error.extensions or {}
        if extensions.get("code") not in PASSING or not getattr(context, "has_written", False):
            return error
        return replaced(error, error.message, {**extensions, "mayBeSaved": True})

    def _as_seen(self, error: GraphQLError) -> GraphQLError:
        if "code" in (error.extensions or {}):
            return error
        if type(error.original_error) in CODES or (
            error.path is not None and not is_about_an_argument(error)
        ):
            return told_or_masked(error)
        if self.execution_context.graphql_document is None:
            return replaced(error, error.message, {"code": Code.GRAPHQL_PARSE_FAILED})
        if isinstance(self.execution_context.result, PreExecutionError):
            return replaced(error, error.message, {"code": Code.GRAPHQL_VALIDATION_FAILED})
        return replaced(error, error.message, {"code": Code.BAD_USER_INPUT})


def told_or_masked(error: GraphQLError) -> GraphQLError:
    """Give one of the domain's errors its code; anything else is nobody's business."""
    code = CODES.get(type(error.original_error))
    if code is None:
        return masked(error)
    return replaced(error, error.message, {"code": code, **hints(error.original_error)})


def hints(error: BaseException | None) -> dict[str, Any]:
    """Tell a program what else it can know about one of the domain's errors."""
    if isinstance(error, domain.TooManyAttempts):
        return {"retryAfterSeconds": error.retry_after_seconds}
    if isinstance(error, domain.OutcomeUnknown):
        return {"mayBeSaved": True}
    return {}


def is_about_an_argument(error: GraphQLError) -> bool:
    """Tell a value that only running shows to be wrong, such as null from a variable."""
    return any(isinstance(node, ValueNode | ArgumentNode) for node in error.nodes or ())


def masked(error: GraphQLError) -> GraphQLError:
    """Keep a bug's own words in the log, under an id that the client is given instead."""
    error_id = secrets.token_hex(8)
    path = ".".join(map(str, error.path or ()))
    log.error("Error %s at %s", error_id, path, exc_info=error.original_error or error)
    extensions = {"code": Code.INTERNAL_SERVER_ERROR, "errorId": error_id}
    return replaced(error, f"Something went wrong here (error {error_id}).", extensions)


def replaced(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    """Say something else at the same place."""
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
