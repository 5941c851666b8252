"""What a person can act on: the members of result unions that are no payloads.

Resolvers let the domain's errors pass, and Strawberry asks the handler whose type
the field's union names. An error that the union does not name goes on as an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

import domain
from schema.ids import encode_id
from schema.sizes import Within, loads


@strawberry.interface(description="An expected failure that a person can act on.")
class Error:
    message: str = strawberry.field(description="A sentence fit to show to a person.")


@strawberry.type(description="One thing wrong with an input.")
class FieldProblem:
    path: list[str] = strawberry.field(
        description="The way to it from the input: `tags`, then `1`, is the second tag."
    )
    message: str = strawberry.field(description="What is wrong, fit to show beside the field.")


@strawberry.type(description="What was written breaks rules.")
class InvalidInput(Error):
    fields: Sequence[domain.FieldProblem] = strawberry.field(
        graphql_type=list[FieldProblem],
        description="All that is wrong, at once.",
        metadata=loads(Within.ITS_PARENT),
    )


@strawberry.type(
    description="What was asked for never was, is gone, or is not the viewer's to see."
)
class NotFound(Error):
    id: strawberry.ID | None = strawberry.field(description="The ID that names nothing.")


@strawberry.type(description="Someone else holds a value that only one may hold.")
class AlreadyTaken(Error):
    field: str = strawberry.field(description="The input field with that value.")


@strawberry.type(description="Someone else changed it first.")
class VersionConflict(Error):
    current_version: int = strawberry.field(description="The version that they made of it.")


@strawberry.type(description="The login or the password is wrong; which of them, nobody is told.")
class WrongCredentials(Error):
    pass


class InvalidInputHandler(strawberry.ExceptionHandler[domain.InvalidInput, InvalidInput]):
    def handle(self, exception: domain.InvalidInput, **where: Any) -> InvalidInput:
        return InvalidInput(message=str(exception), fields=exception.problems)


class NotFoundHandler(strawberry.ExceptionHandler[domain.NotFound, NotFound]):
    def handle(self, exception: domain.NotFound, **where: Any) -> NotFound:
        global_id = encode_id(exception.kind, exception.id)
        return NotFound(message=str(exception), id=global_id)


class AlreadyTakenHandler(strawberry.ExceptionHandler[domain.AlreadyTaken, AlreadyTaken]):
    def handle(self, exception: domain.AlreadyTaken, **where: Any) -> AlreadyTaken:
        return AlreadyTaken(message=str(exception), field=to_camel_case(exception.field))


class VersionConflictHandler(strawberry.ExceptionHandler[domain.VersionConflict, VersionConflict]):
    def handle(self, exception: domain.VersionConflict, **where: Any) -> VersionConflict:
        return VersionConflict(message=str(exception), current_version=exception.current_version)


class WrongCredentialsHandler(
    strawberry.ExceptionHandler[domain.WrongCredentials, WrongCredentials]
):
    def handle(self, exception: domain.WrongCredentials, **where: Any) -> WrongCredentials:
        return WrongCredentials(message=str(exception))


EXCEPTION_HANDLERS: Sequence[strawberry.ExceptionHandler[Any, Any]] = (
    InvalidInputHandler(),
    NotFoundHandler(),
    AlreadyTakenHandler(),
    VersionConflictHandler(),
    WrongCredentialsHandler(),
)
