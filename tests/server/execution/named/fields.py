"""The schema of the named cases: fields whose names say what they resolve to."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, NewType

import strawberry
from aiodataloader import DataLoader
from graphql import GraphQLError
from strawberry.permission import BasePermission

Strict = NewType("Strict", str)
Number = int | None
STRICT = strawberry.scalar(
    name="Strict", serialize=lambda value: value if value != "none" else None
)


class Failure(Exception):
    """What no resolver expected."""


async def soon(value: Any, ticks: int = 1) -> Any:
    """Return or raise something after some ticks of the event loop."""
    for _ in range(ticks):
        await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


def failing(message: str = "failed") -> Any:
    raise Failure(message)


@dataclass(slots=True)
class Context:
    """What the resolvers of one operation share."""

    log: list[str] = field(default_factory=list)
    batches: list[Sequence[int]] = field(default_factory=list)
    running: int = 0
    loader: DataLoader[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.loader = DataLoader(self.load)

    async def load(self, keys: Sequence[int]) -> list[int]:
        """Numbers, ten times as large."""
        self.batches.append(list(keys))
        return [key * 10 for key in keys]


Info = strawberry.Info[Context, None]


@strawberry.enum
class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


class Nobody(BasePermission):
    message = "nobody may"
    error_extensions = {"code": "NOBODY"}  # noqa: RUF012 (Strawberry's own)

    def has_permission(self, source: Any, info: Any, **given: Any) -> bool:
        return False


def leaf(annotation: Any, make: Callable[[], Any]) -> Any:
    """A field of a type that resolves to whatever is made."""

    def resolve() -> Any:
        return make()

    resolve.__annotations__["return"] = annotation
    return strawberry.field(resolver=resolve)


@strawberry.type
class Leaves:
    """Values that are right or wrong for their types."""

    int_of_true: Number = leaf(Number, lambda: True)
    int_of_whole_float: Number = leaf(Number, lambda: 3.0)
    int_of_text: Number = leaf(Number, lambda: "12")
    int_of_float: Number = leaf(Number, lambda: 1.5)
    int_of_words: Number = leaf(Number, lambda: "many")
    int_too_large: Number = leaf(Number, lambda: 2**31)
    int_too_small: Number = leaf(Number, lambda: -(2**31) - 1)
    int_of_list: Number = leaf(Number, lambda: [1])
    float_of_int: float | None = leaf(float | None, lambda: 3)
    float_of_true: float | None = leaf(float | None, lambda: True)
    float_of_nan: float | None = leaf(float | None, lambda: float("nan"))
    float_of_infinity: float | None = leaf(float | None, lambda: float("inf"))
    text_of_true: str | None = leaf(str | None, lambda: True)
    text_of_int: str | None = leaf(str | None, lambda: 12)
    text_of_list: str | None = leaf(str | None, lambda: ["a"])
    boolean_of_int: bool | None = leaf(bool | None, lambda: 2)
    boolean_of_text: bool | None = leaf(bool | None, lambda: "true")
    id_of_int: strawberry.ID | None = leaf(strawberry.ID | None, lambda: 12)
    id_of_float: strawberry.ID | None = leaf(strawberry.ID | None, lambda: 1.5)
    enum_of_member: Colour | None = leaf(Colour | None, lambda: Colour.RED)
    enum_of_value: Colour | None = leaf(Colour | None, lambda: "b")
    enum_of_name: Colour | None = leaf(Colour | None, lambda: "RED")
    scalar_of_none: Strict | None = leaf(Strict | None, lambda: "none")
    exception: Number = leaf(Number, lambda: Failure("returned"))
    raised: Number = leaf(Number, failing)
    later_exception: Number = leaf(Number, lambda: soon(Failure("later")))
    told: Number = leaf(Number, lambda: soon(GraphQLError("told", extensions={"code": "TOLD"})))
    later_of_later: Number = leaf(Number, lambda: soon(Later()))


class Later:
    """Something to await, which a value is not."""

    def __await__(self) -> Generator[None, None, int]:
        yield
        return 1

    def __repr__(self) -> str:
        return "<later>"


@strawberry.type
class Lists:
    """Lists of every kind, with what is no list among them."""

    of_text: list[str] | None = leaf(list[str] | None, lambda: "text")
    of_dict: list[str] | None = leaf(list[str] | None, lambda: {"a": 1})
    of_number: list[int] | None = leaf(list[int] | None, lambda: 5)
    of_tuple: list[int] | None = leaf(list[int] | None, lambda: (1, 2))
    of_generator: list[int] | None = leaf(list[int] | None, lambda: (n for n in (1, 2)))
    later: list[Number] = leaf(
        list[Number], lambda: [1, soon(2), soon(Failure("third"), 2), soon(None)]
    )
    later_sure: list[int] | None = leaf(
        list[int] | None, lambda: [soon(1), soon(Failure("second"))]
    )
    with_null: list[int] | None = leaf(list[int] | None, lambda: [1, None, 3])
    nested: list[list[int] | None] = leaf(list[list[int] | None], lambda: [[1], [2, None], [3]])

    @strawberry.field
    def breaking(self) -> list[int] | None:
        def numbers() -> Generator[int]:
            yield 1
            raise Failure("broken off")

        return numbers()  # type: ignore[return-value] # as resolvers do

    @strawberry.field(graphql_type=list[int] | None)
    async def drawn(self) -> AsyncGenerator[int]:
        for number in (1, 2):
            await asyncio.sleep(0)
            yield number


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Dog(Named):
    barks: bool = True


@strawberry.type
class Fish(Named):
    @classmethod
    async def is_type_of(cls, obj: Any, info: Any) -> bool:
        return await soon(isinstance(obj, dict) and "fins" in obj)


@strawberry.interface
class Told:
    """An interface whose objects say what they are."""

    name: str

    @classmethod
    def resolve_type(cls, obj: Any, info: Any, type_: Any) -> Any:
        return obj.name


@strawberry.type
class Teller(Told):
    @classmethod
    def is_type_of(cls, obj: Any, info: Any) -> bool:
        return True


@strawberry.type
class Stone:
    weight: int = 3


Pet = Annotated[Dog | Stone, strawberry.union("Pet")]


@strawberry.type
class Abstract:
    """Objects of interfaces and unions."""

    pets: list[Pet | None] = leaf(list[Pet | None], lambda: [Dog(name="Rex"), Stone(), 5])
    dog: Named | None = leaf(Named | None, lambda: Dog(name="Rex"))
    fish: Named | None = leaf(Named | None, lambda: {"fins": 2})
    nobody: Named | None = leaf(Named | None, lambda: 5)

    @strawberry.field
    def teller(self, called: str) -> Told | None:
        return Teller(name=called)

    @strawberry.field
    def wrong(self) -> Fish | None:
        return 5  # type: ignore[return-value] # as resolvers do


@strawberry.type
class Node:
    """Something that may be null, or may not, or contain itself."""

    id: int = 1

    @strawberry.field
    def child(self) -> Node | None:
        return Node(id=self.id + 1)

    @strawberry.field
    async def sure_child(self) -> Node:
        return await soon(Node(id=self.id + 1))

    @strawberry.field
    def children(self, count: int = 2) -> list[Node]:
        return [Node(id=self.id * 10 + n) for n in range(count)]

    @strawberry.field
    def maybe_children(self) -> list[Node | None] | None:
        return [Node(id=7), None, Node(id=8)]

    sure: int = leaf(int, lambda: None)
    sure_failing: int = leaf(int, failing)
    sure_later: int = leaf(int, lambda: soon(None))
    sure_failing_later: int = leaf(int, lambda: soon(Failure("failed later")))
    failing: Number = leaf(Number, failing)
    failing_later: Number = leaf(Number, lambda: soon(Failure("failed later"), 3))

    @strawberry.field
    def odd(self) -> int:
        return failing(f"{self.id} is odd") if self.id % 2 else self.id

    @strawberry.field
    async def tenfold(self, info: Info) -> int:
        return await info.context.loader.load(self.id)

    @strawberry.field
    async def endless(self, info: Info) -> int | None:
        """Wait for nothing, until it is cancelled."""
        info.context.running += 1
        try:
            return await asyncio.get_running_loop().create_future()
        finally:
            info.context.running -= 1

    @strawberry.field(permission_classes=[Nobody])
    def guarded(self) -> int | None:
        return 1


@strawberry.input
class Wish:
    text: str = "nothing"
    count: int | None = strawberry.UNSET


@strawberry.type
class Query:
    leaves: Leaves = strawberry.field(resolver=Leaves, graphql_type=Leaves)
    lists: Lists | None = strawberry.field(resolver=Lists, graphql_type=Lists | None)
    abstract: Abstract = strawberry.field(resolver=Abstract, graphql_type=Abstract)
    node: Node | None = strawberry.field(resolver=Node, graphql_type=Node | None)
    sure_node: Node = strawberry.field(resolver=Node, graphql_type=Node)
    nothing: Number = leaf(Number, lambda: None)

    @strawberry.field
    def echo(
        self,
        text: str = "default",
        maybe: str | None = "default",
        unset: str | None = strawberry.UNSET,
        numbers: list[int] | None = None,
        wish: Wish | None = None,
        colour: Colour | None = None,
        id: strawberry.ID | None = None,
    ) -> str | None:
        given: dict[str, Any] = {"text": text, "maybe": maybe, "unset": unset, "numbers": numbers}
        given |= {"wish": wish, "colour": colour, "id": id}
        return " ".join(f"{name}={value!r}" for name, value in given.items() if value != "default")

    @strawberry.field
    async def meeting(self, info: Info) -> int:
        """How many run at once, at most."""
        info.context.running += 1
        await asyncio.sleep(0)
        return info.context.running

    @strawberry.field
    async def stay(self, info: Info) -> int | None:
        """Stay for some ticks, and leave in any case."""
        info.context.running += 1
        try:
            await soon(None, 5)
        finally:
            info.context.running -= 1
        return info.context.running


async def written(info: Info, text: str, value: Any = None) -> Any:
    """Write to the log when something begins, and when it ends."""
    info.context.log.append(f"{text} begins")
    await soon(None, 2)
    info.context.log.append(f"{text} ends")
    return value


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def write(self, info: Info, text: str) -> Number:
        value: Awaitable[Number] = written(info, text, 1)
        return await value

    @strawberry.mutation
    def note(self, info: Info, text: str) -> int:
        info.context.log.append(text)
        return 2

    @strawberry.mutation
    def make(self) -> Node | None:
        return Node()

    @strawberry.mutation
    def running(self, info: Info) -> int:
        """How much runs beside it."""
        return info.context.running

    @strawberry.mutation
    async def fail(self, info: Info) -> Number:
        await written(info, "fail")
        return failing()

    @strawberry.mutation
    async def fail_badly(self, info: Info) -> int:
        await written(info, "fail badly")
        return failing("failed badly")


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    types=[Dog, Fish, Teller],
    config=strawberry.schema.config.StrawberryConfig(scalar_map={Strict: STRICT}),
)
