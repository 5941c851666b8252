"""Fields within extensions, permissions and exception handlers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission, PermissionExtension

from tests.server.execution.nasty.outcomes import Failure, after


class Odd(Exception):
    """An expected failure, of which an odd number is known."""

    def __init__(self, n: int) -> None:
        super().__init__(f"{n} is odd")
        self.n = n


class Rare(Odd):
    """One that is known by its class."""


class Loud(FieldExtension):
    """Says it louder, and adds a number to what it is asked."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **given: Any) -> Any:
        return f"{next_(source, info, **{**given, 'n': given.get('n', 0) + 1})}!"


class Patient(FieldExtension):
    """Says it later, and something else of what fails."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **given: Any) -> Any:
        return next_(source, info, **given)

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: Any, **given: Any
    ) -> Any:
        try:
            return await after(1, lambda: "patient ") + await next_(source, info, **given)
        except Failure as failure:
            return f"patient with {failure}"


class May(BasePermission):
    """Whoever asks for an even number may."""

    message = "odd numbers may not"
    error_extensions = {"code": "ODD"}  # noqa: RUF012 (Strawberry's own)

    def has_permission(self, source: Any, info: Any, **given: Any) -> Any:
        return given.get("n", source.n) % 2 == 0


class MayLater(May):
    """The same, and it takes a while to know."""

    message = "odd numbers may not, as was found later"

    async def has_permission(self, source: Any, info: Any, **given: Any) -> Any:
        return await after(1, lambda: given.get("n", 0) % 3 == 0)


@strawberry.interface
class Known:
    message: str


@strawberry.type
class OddNumber(Known):
    n: int


@strawberry.type
class RareNumber(Known):
    pass


@strawberry.type
class Number:
    n: int


class OddHandler(strawberry.ExceptionHandler[Odd, OddNumber]):
    """Declines what ends in 9."""

    def handle(self, exception: Odd, **where: Any) -> Any:
        if exception.n % 10 == 9:
            return None
        return OddNumber(message=str(exception), n=exception.n)


class RareHandler(strawberry.ExceptionHandler[Rare, RareNumber]):
    """Takes a while, and fails at 3."""

    async def handle(self, exception: Rare, **where: Any) -> Any:
        if exception.n % 10 == 3:
            raise Failure("too rare")
        return await after(1, lambda: RareNumber(message=str(exception)))


HANDLERS: Sequence[strawberry.ExceptionHandler[Any, Any]] = [RareHandler(), OddHandler()]
Numbers = Annotated[Number | OddNumber, strawberry.union("Numbers")]
RareNumbers = Annotated[Number | OddNumber | RareNumber, strawberry.union("RareNumbers")]


def number(n: int, error: type[Odd]) -> Number:
    """Even numbers; raises the error for odd ones, and another for 0."""
    if n == 0:
        raise Failure("none")
    if n % 2:
        raise error(n)
    return Number(n=n)


@strawberry.type
class Guarded:
    """Fields that are more than their resolvers."""

    n: int

    @strawberry.field(extensions=[Loud()])
    def loud(self, n: int = 1) -> str:
        return f"loud {n}"

    @strawberry.field(extensions=[Patient()])
    async def patient(self, n: int = 1) -> str | None:
        if n == 2:
            raise Failure("impatience")
        return f"{n}"

    @strawberry.field(permission_classes=[May])
    def maybe(self, n: int = 1) -> int | None:
        return n

    @strawberry.field(permission_classes=[May, MayLater])
    async def surely(self, n: int = 6) -> int:
        return n

    @strawberry.field(extensions=[PermissionExtension([May()], fail_silently=True)])
    def silently(self, n: int = 1) -> list[int] | None:
        return [n]

    @strawberry.field
    def odd(self, n: int = 1) -> Numbers | None:
        return number(n, Odd)

    @strawberry.field
    async def rare(self, n: int = 1) -> RareNumbers:
        return await after(n % 3, lambda: number(n, Rare))

    @strawberry.field
    async def odds(self, n: int = 1) -> list[Numbers | None] | None:
        return [number(n + 1, Odd), OddNumber(message="given", n=n), None]
