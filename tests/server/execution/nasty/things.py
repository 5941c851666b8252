"""Objects, interfaces and unions whose fields resolve to anything, in each way that they can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from inspect import isawaitable
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry

from tests.server.execution.nasty.kinds import LEAVES, Anything, Colour, Even, Size, Source, each
from tests.server.execution.nasty.outcomes import Failure, Kind, Make, Nothing, outcome
from tests.server.execution.nasty.rows import OddRow, Record, Row

__all__ = ["Anything", "Colour", "Even", "Record", "Size", "datetime"]  # which annotations name

T = TypeVar("T")

WRAPPERS: Mapping[str, tuple[str, int]] = {
    "maybe": ("{} | None", 0),
    "sure": ("{}", 0),
    "maybe_maybes": ("list[{} | None] | None", 1),
    "maybe_sures": ("list[{}] | None", 1),
    "sure_maybes": ("list[{} | None]", 1),
    "sure_sures": ("list[{}]", 1),
    "deep_maybes": ("list[list[{} | None] | None] | None", 2),
    "deep_sures": ("list[list[{}]]", 2),
}
"""How nullable and how deep in lists a field's type is."""

FEW = ("maybe", "sure", "maybe_sures", "sure_maybes")


@strawberry.interface
class Named:
    name: str

    @strawberry.field
    def initial(self) -> str | None:
        return type(self).__name__[0]

    @strawberry.field
    async def kin(self) -> list[Named]:
        if not isinstance(self, Source):
            return []
        return [Cat(name="kin", lives=9), Source(self.n)]  # type: ignore[list-item] # what is behind it


@strawberry.type
class Cat(Named):
    """Objects of it are what is behind it."""

    lives: int
    colour: Colour | None = Colour.GREEN
    friend: Named | None = None

    @strawberry.field(deprecation_reason="Cats are not told apart.")
    def title(self, *, shout: bool = False, times: int = 1) -> str:
        title = f"{self.name} the cat" * min(times, 2)
        return title.upper() if shout else title

    @strawberry.field
    async def lives_left(self) -> int | None:
        return self.lives - 1


@dataclass(slots=True)
class Machine:
    """What is behind a robot."""

    n: int
    serial_number: Any = "R2"
    __as_strawberry_type__: Any = None

    @property
    def name(self) -> str:
        if self.n % 5 == 0:
            raise Failure(f"robot {self.n} has no name")
        return f"robot {self.n}"


@strawberry.type
class Robot(Named):
    serial_number: str
    size: Size | None = strawberry.field(
        resolver=lambda root: Size.LARGE, graphql_type=Size | None, deprecation_reason="All are."
    )

    @classmethod
    def is_type_of(cls, obj: object, info: object) -> bool:
        return isinstance(obj, Machine)


@strawberry.type
class Lone:
    """A type of no interface, which says of nothing that it is not of it."""

    n: int | None

    @strawberry.field
    def thing(self) -> Annotated[Thing, strawberry.lazy(__name__)] | None:
        return Source(self.n or 0)


@strawberry.type
class Box(Generic[T]):
    item: T
    items: list[T]
    spare: T | None = None


Either: TypeAlias = Annotated[
    "Annotated[Thing, strawberry.lazy(__name__)] | Cat | Lone | Record | Robot",
    strawberry.union("Either"),
]


def cat(n: int) -> Cat:
    return Cat(name=f"cat {n}", lives=n, friend=Machine(n) if n % 3 else None)  # type: ignore[arg-type] # what is behind it


def lone(n: int) -> Lone:
    return Lone(n=n if n % 4 else None)


def boxes(make: Make, wrong: Make) -> list[Make]:
    """Makers of boxes with such a thing in them, some with wrong ones."""
    return [
        lambda n: Box(item=make(n), items=[make(n + 1)]),
        lambda n: Box(item=make(n), items=[], spare=make(n)),
        lambda n: Box(item=make(n), items=[wrong(n), make(n)]),
    ]


def cast(n: int) -> Any:
    """A robot that says that it is a cat."""
    return strawberry.cast(Cat, Machine(n))


NO_OBJECT = each(
    5, "text", [], {"n": 1}, {"__typename": "Cat", "name": "dict"}, Nothing(), Source(13)
)
NO_MEMBER = each({"__typename": "Nope"}, {"__typename": 5}, {"__typename": "Named"})
COMPOSITES: Mapping[str, Kind] = {
    "thing": Kind("Thing", [Source], [*NO_OBJECT, cat, Machine]),
    "named": Kind("Named", [Source, cat, Machine], [*NO_OBJECT, *NO_MEMBER, lone, cast]),
    "either": Kind("Either", [Source, cat, Machine, lone, Row], [*NO_OBJECT, *NO_MEMBER, cast]),
    "record": Kind("Record", [Row, Row, OddRow], [*NO_OBJECT, cat]),
    "lone": Kind("Lone", [lone], [*NO_OBJECT, cat]),
    "box": Kind("Box[int]", boxes(int, str), NO_OBJECT),
    "crate": Kind("Box[Thing]", boxes(Source, cat), [*NO_OBJECT, lone]),
}  # fmt: skip
"""Kinds with fields of their own."""


def fields() -> Mapping[str, tuple[Kind, str, int]]:
    """The kind, the annotation and the depth of each type of a field, by the name of both."""
    found = {}
    for kinds, wide in ((LEAVES, {"int", "string"}), (COMPOSITES, {"thing", "named"})):
        for name, kind in kinds.items():
            for wrapper, (pattern, depth) in WRAPPERS.items():
                if name in wide or wrapper in FEW:
                    found[f"{name}_{wrapper}"] = kind, pattern.format(kind.annotation), depth
    return found


def resolver(make: Callable[[Source], Any], annotation: str, *, is_async: bool) -> Any:
    """A resolver as it would be written."""

    def resolve(self: Source) -> Any:
        return make(self)

    async def resolve_later(root: strawberry.Parent[Source]) -> Any:
        value = make(root)
        return await value if isawaitable(value) else value

    chosen: Any = resolve_later if is_async else resolve
    chosen.__annotations__["return"] = annotation
    return chosen


def namespace() -> dict[str, Any]:
    """The body of `Thing`: each field as a plain attribute, a method and an asynchronous one."""
    body: dict[str, Any] = {"__module__": __name__, "__annotations__": {}}
    for name, (kind, annotation, depth) in fields().items():

        def make(source: Source, name: str = name, kind: Kind = kind, depth: int = depth) -> Any:
            return outcome(source.n, name, kind, depth)

        setattr(Source, f"plain_{name}", property(make))
        body["__annotations__"][f"plain_{name}"] = annotation
        for how, is_async in (("called", False), ("awaited", True)):
            function = resolver(make, annotation, is_async=is_async)
            body[f"{how}_{name}"] = strawberry.field(resolver=function)
    return body


def is_thing(obj: object, info: object) -> bool:
    """Most sources are things, some are not, and of some one can't tell."""
    if isinstance(obj, Source) and obj.n % 29 == 0:
        raise Failure(f"{obj.n} may be a thing")
    return isinstance(obj, Source) and obj.n % 13 != 0


Source.name = property(lambda self: outcome(self.n, "name", LEAVES["string"]))  # type: ignore[attr-defined] # made here
Thing: Any = strawberry.type(type("Thing", (Named,), {**namespace(), "is_type_of": is_thing}))
