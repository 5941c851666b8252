"""Abstract types that tell what an object is, late, wrongly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry

from tests.server.execution.nasty.outcomes import Failure, Later, after, chance


@dataclass(frozen=True, slots=True)
class Egg:
    """What may be one or the other."""

    n: int


def failing() -> Any:
    raise Failure("nobody knows")


TOLD: Sequence[Callable[[], Any]] = (
    *[lambda: "Bird", lambda: "Snake"] * 3,
    lambda: after(1, lambda: "Bird"),
    lambda: Later(1, lambda: "Snake"),
    lambda: None,
    lambda: after(1, lambda: None),
    lambda: "Nope",
    lambda: "Cat",
    lambda: "Laid",
    lambda: 5,
    lambda: after(1, failing),
    failing,
)


@strawberry.interface
class Laid:
    n: int

    @classmethod
    def resolve_type(cls, obj: Egg, info: object, type_: object) -> Any:
        return TOLD[chance(obj.n, "egg") % len(TOLD)]()


@strawberry.type
class Bird(Laid):
    @strawberry.field
    def wings(self) -> int:
        return 2

    @classmethod
    def is_type_of(cls, obj: object, info: object) -> Any:
        return True


@strawberry.type
class Snake(Laid):
    @strawberry.field
    async def length(self, unit: str = "cm") -> str:
        return f"{self.n} {unit}"

    @classmethod
    async def is_type_of(cls, obj: Egg, info: object) -> bool:
        if obj.n % 7 == 0:
            raise Failure("this was no snake")
        return obj.n % 5 != 0


@strawberry.interface
class Slow:
    """Its types say of an object that it is of them, and some take their time."""

    n: int


@strawberry.type
class Snail(Slow):
    @classmethod
    async def is_type_of(cls, obj: Egg, info: object) -> bool:
        if obj.n % 7 == 0:
            raise Failure("a snail breaks")
        return obj.n % 3 == 0


@strawberry.type
class Slug(Slow):
    slimy: bool = strawberry.field(resolver=lambda: True)

    @classmethod
    def is_type_of(cls, obj: Egg, info: object) -> Any:
        if obj.n % 11 == 0:
            raise Failure("a slug slips")
        return obj.n % 4 == 0


@strawberry.type
class Sloth(Slow):
    @classmethod
    def is_type_of(cls, obj: Egg, info: object) -> Any:
        return Later(2, lambda: obj.n % 2 == 0)


def eggs(n: int) -> list[Any]:
    """A few of them."""
    return [Egg(chance(n, f"egg {index}") % 1_000) for index in range(n % 3)]


@strawberry.type
class Nest:
    """Fields of abstract types."""

    n: int

    @strawberry.field
    def laid(self) -> Laid | None:
        return Egg(self.n)  # type: ignore[return-value] # what is behind it

    @strawberry.field
    async def laid_surely(self) -> Laid:
        return Egg(self.n + 1)  # type: ignore[return-value] # what is behind it

    @strawberry.field
    def all_laid(self) -> list[Laid | None] | None:
        return eggs(self.n)

    @strawberry.field
    def all_laid_surely(self) -> list[Laid] | None:
        return eggs(self.n)

    @strawberry.field
    def slow(self) -> Slow | None:
        return Egg(self.n)  # type: ignore[return-value] # what is behind it

    @strawberry.field
    async def all_slow(self) -> list[Slow | None]:
        return eggs(self.n)

    @strawberry.field
    def all_slow_surely(self) -> list[Slow] | None:
        return eggs(self.n + 1)
