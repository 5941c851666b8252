"""The roots of the nasty schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeAlias

import strawberry
from aiodataloader import DataLoader

from tests.server.execution.nasty.arguments import Told
from tests.server.execution.nasty.guarded import HANDLERS, Guarded
from tests.server.execution.nasty.kinds import ANYTHING, EVEN, Anything, Even, Source
from tests.server.execution.nasty.outcomes import NUMBERS, Failure, after, chance
from tests.server.execution.nasty.resolved import Bird, Nest, Sloth, Slug, Snail, Snake
from tests.server.execution.nasty.rows import Record, Row
from tests.server.execution.nasty.things import Cat, Either, Lone, Named, Robot, Thing, cat

AnyThing: TypeAlias = Annotated["Thing", strawberry.lazy("tests.server.execution.nasty.things")]


@dataclass(slots=True)
class Context:
    """What resolvers of one operation share: what mutations did, in order, and a loader."""

    name: str = "context"
    log: list[str] = field(default_factory=list)
    batches: list[Sequence[int]] = field(default_factory=list)
    loader: DataLoader[int, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.loader = DataLoader(self.load)

    async def load(self, keys: Sequence[int]) -> list[Any]:
        """Things for even numbers, failures for some, and None."""
        self.batches.append(list(keys))
        return [
            Source(n) if n % 2 == 0 else Failure(f"{n} can't be loaded") if n % 3 == 0 else None
            for n in keys
        ]


Info: TypeAlias = strawberry.Info[Context, None]


@strawberry.type
class Loaded:
    """What comes by a loader, one level after the other."""

    n: int

    @strawberry.field
    async def thing(self, info: Info) -> AnyThing | None:
        return await info.context.loader.load(self.n)

    @strawberry.field
    def future(self, info: Info) -> AnyThing | None:
        return info.context.loader.load(self.n + 1)

    @strawberry.field
    async def more(self, info: Info) -> list[Loaded]:
        await info.context.loader.load(0)
        return [Loaded(n=self.n + 1), Loaded(n=self.n + 2)]


@strawberry.type
class Query:
    version: int | None = strawberry.field(resolver=lambda: 1)

    @strawberry.field
    def thing(self, n: int = 2) -> AnyThing | None:
        return Source(n)

    @strawberry.field
    async def things(self, start: int = 0, count: int = 3) -> list[AnyThing | None]:
        return [Source(chance(n, "things") % NUMBERS) for n in range(start, start + min(count, 4))]

    @strawberry.field
    async def wild(self, n: int = 1) -> AnyThing | None:
        """A thing of an odd number, whose fields may fail."""
        return await after(1, lambda: Source(chance(n, "wild") % NUMBERS | 1))

    @strawberry.field
    def all_wild(self, start: int = 0) -> list[AnyThing | None]:
        return [Source(chance(n, "wild") % NUMBERS | 1) for n in range(start, start + 4)]

    @strawberry.field
    def records(self, start: int = 0) -> list[Record | None]:
        return [Row(n) for n in range(start, start + 3)]

    @strawberry.field
    def named(self, n: int = 1) -> list[Named]:
        return [cat(n), Source(n)]  # type: ignore[list-item] # what is behind it

    @strawberry.field
    async def either(self, n: int = 1) -> list[Either | None]:
        return [Lone(n=n), None, Source(n), cat(n)]

    @strawberry.field
    def told(self, said: str = "hello") -> Told:
        return Told(said=said)

    @strawberry.field
    async def guarded(self, n: int = 2) -> Guarded | None:
        return await after(n % 3, lambda: Guarded(n=n))

    @strawberry.field
    def nest(self, n: int = 2) -> Nest:
        return Nest(n=n)

    @strawberry.field
    def loaded(self, n: int = 1) -> list[Loaded] | None:
        return [Loaded(n=n), Loaded(n=n + 1), Loaded(n=n)]


@strawberry.type
class Done:
    """What a mutation left."""

    log: list[str]

    @strawberry.field
    async def log_later(self, info: Info) -> list[str]:
        return await after(2, lambda: list(info.context.log))

    @strawberry.field
    def thing(self, n: int = 2) -> AnyThing | None:
        return Source(n)


async def written(info: Info, text: str, ticks: int) -> list[str]:
    """Write to the log, at the end and at the beginning of some time."""
    info.context.log.append(f"{text} begins")
    await after(ticks, lambda: None)
    info.context.log.append(f"{text} ends")
    return list(info.context.log)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def write(self, info: Info, text: str = "write", ticks: int = 1) -> Done:
        return Done(log=await written(info, text, min(ticks, 5)))

    @strawberry.mutation
    def note(self, info: Info, text: str = "note") -> list[str]:
        info.context.log.append(text)
        return list(info.context.log)

    @strawberry.mutation
    async def fail(self, info: Info, text: str = "fail", ticks: int = 1) -> Done | None:
        await written(info, text, min(ticks, 5))
        raise Failure(text)

    @strawberry.mutation
    async def fail_badly(self, info: Info, ticks: int = 1) -> int:
        await written(info, "fail badly", min(ticks, 5))
        raise Failure("badly")

    @strawberry.mutation
    def thing(self, info: Info, n: int = 2) -> AnyThing | None:
        info.context.log.append("thing")
        return Source(n)


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    types=[Cat, Robot, Bird, Snake, Snail, Slug, Sloth],
    config=strawberry.schema.config.StrawberryConfig(scalar_map={Even: EVEN, Anything: ANYTHING}),
    exception_handlers=HANDLERS,
)
