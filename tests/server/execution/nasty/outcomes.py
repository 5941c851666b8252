"""What comes of a field: a value now or later, nothing, a failure, or what it should not be.

Which of them is a function of a number and a label, so that each executor meets the same.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import (
    AsyncGenerator,
    Callable,
    Collection,
    Generator,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias
from zlib import crc32

from graphql import GraphQLError

from schema.batches import Loader
from schema.promises import Promise

Make: TypeAlias = Callable[[int], Any]
NUMBERS = 1_000
"""How many objects there are that differ; those with even numbers are calm."""

MANY = 3  # in a list


class Failure(Exception):
    """What a resolver raises that nobody foresaw."""


class Nothing:
    """What no field is of."""

    def __repr__(self) -> str:
        return "<nothing>"


class Later:
    """Something to await that is no coroutine."""

    def __init__(self, ticks: int, make: Callable[[], Any]) -> None:
        self._ticks = ticks
        self._make = make

    def __await__(self) -> Generator[None, None, Any]:
        for _ in range(self._ticks):
            yield
        return self._make()

    def __repr__(self) -> str:
        return "<later>"


class Few:
    """Something to iterate that is no collection."""

    def __init__(self, items: Sequence[Any]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of values: what its fields are annotated with, and makers of right and wrong ones."""

    annotation: str
    right: Sequence[Make]
    wrong: Sequence[Make]

    def value(self, n: int, label: str) -> Any:
        """A right value, which is one to some number."""
        make = self.right[chance(n, label) // 100 % len(self.right)]
        return make(chance(n, f"{label} of") % NUMBERS)

    def wrong_value(self, n: int, label: str) -> Any:
        """What is no value of the type."""
        make = self.wrong[chance(n, label) // 100 % len(self.wrong)]
        return make(chance(n, f"not {label} of") % NUMBERS)


def chance(n: int, label: str) -> int:
    """A number that may be any, and is the same each time."""
    return crc32(f"{label}:{n}".encode())


async def after(ticks: int, make: Callable[[], Any]) -> Any:
    """Make something, or fail to, after some ticks of the event loop."""
    for _ in range(ticks):
        await asyncio.sleep(0)
    return make()


def future_of(make: Callable[[], Any]) -> asyncio.Future[Any]:
    """A future that is done soon."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def settle() -> None:
        if future.done():  # somebody cancelled it
            return
        value = attempt(make)
        if isinstance(value, Exception):
            future.set_exception(value)
        else:
            future.set_result(value)

    loop.call_soon(settle)
    return future


def promise_of(make: Callable[[], Any]) -> Promise[Any]:
    """A promise of a loader's, or of what becomes of such a one."""

    async def load(keys: Collection[int]) -> Mapping[int, Any]:
        await asyncio.sleep(0)
        return dict.fromkeys(keys, make)

    loader: Loader[int, Any] = Loader(load, None)
    return loader.load(0).then(lambda found: loader.load(1).then(lambda _: found()))


def outcome(n: int, label: str, kind: Kind, depth: int = 0) -> Any:
    """What a resolver returns for a type of lists as deep as that, or raises."""
    number = chance(n, label) % 100
    if n % 2 == 0:
        number %= 60
    make = next(make for limit, make in OUTCOMES if number < limit)
    return make(n, label, lambda: value_of(n, label, kind, depth), kind)


def value_of(n: int, label: str, kind: Kind, depth: int) -> Any:
    """A value, or a list of outcomes."""
    if not depth:
        return kind.value(n, label)
    length = chance(n, f"{label} length") % (MANY + 1)
    items = (
        attempt(partial(outcome, n, f"{label}.{index}", kind, depth - 1)) for index in range(length)
    )
    containers = CONTAINERS[:CALM_CONTAINERS] if n % 2 == 0 else CONTAINERS
    return containers[chance(n, f"{label} container") % len(containers)](items)


Outcome: TypeAlias = Callable[[int, str, Callable[[], Any], Kind], Any]


def failing(n: int, label: str, *_: object) -> Any:
    raise Failure(f"{label} of {n} failed")


def telling(n: int, label: str, *_: object) -> Any:
    raise GraphQLError(f"{label} of {n} can't be", extensions={"code": label, "n": n})


def straying(n: int, label: str, *_: object) -> Any:
    raise GraphQLError(f"{label} of {n} is elsewhere", path=["elsewhere", n])


def attempt(make: Callable[[], Any]) -> Any:
    """A value, or the failure to make one."""
    try:
        return make()
    except Exception as failure:  # noqa: BLE001 (any will do)
        return failure


OUTCOMES: Sequence[tuple[int, Outcome]] = (
    (38, lambda n, label, make, kind: make()),
    (42, lambda n, label, make, kind: promise_of(make)),
    (46, lambda n, label, make, kind: after(0, make)),
    (50, lambda n, label, make, kind: after(1, make)),
    (52, lambda n, label, make, kind: after(2, make)),
    (54, lambda n, label, make, kind: Later(2, make)),
    (56, lambda n, label, make, kind: future_of(make)),
    (59, lambda n, label, make, kind: asyncio.ensure_future(after(1, make))),
    # so far those of calm objects, and None is theirs too
    (64, lambda n, label, make, kind: None),
    (66, lambda n, label, make, kind: after(1, lambda: None)),
    (70, failing),
    (72, telling),
    (73, straying),
    (76, lambda n, label, make, kind: after(1, partial(failing, n, label))),
    (78, lambda n, label, make, kind: after(0, partial(telling, n, label))),
    (80, lambda n, label, make, kind: Later(1, partial(failing, n, label))),
    (81, lambda n, label, make, kind: future_of(partial(failing, n, label))),
    (82, lambda n, label, make, kind: promise_of(partial(failing, n, label))),
    (84, lambda n, label, make, kind: Failure(f"{label} of {n} returned")),
    (86, lambda n, label, make, kind: after(1, lambda: GraphQLError("returned"))),
    (94, lambda n, label, make, kind: kind.wrong_value(n, label)),
    (96, lambda n, label, make, kind: after(1, lambda: kind.wrong_value(n, label))),
    (97, lambda n, label, make, kind: after(1, lambda: Later(1, make))),
    (98, lambda n, label, make, kind: Later(1, lambda: Later(1, make))),
    (100, lambda n, label, make, kind: after(1, lambda: [None, None])),
)
"""Each up to its number of a hundred."""


def breaking(items: Iterator[Any]) -> Iterator[Any]:
    """Give some, and break."""
    yield from items
    raise Failure("no more items")


async def arriving(items: Iterator[Any]) -> AsyncGenerator[Any]:
    """Give each after a tick."""
    for item in items:
        await asyncio.sleep(0)
        yield item


CALM_CONTAINERS = 8
CONTAINERS: Sequence[Callable[[Iterator[Any]], Any]] = (
    list, list, list, tuple, deque, iter, lambda items: Few([*items]),
    lambda items: dict(enumerate(items)).values(),
    breaking, arriving, lambda items: {"items": 1}, lambda items: "items", lambda items: 5,
)  # fmt: skip
