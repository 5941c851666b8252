"""Promises: values that loaders will have, and what is to be made of them."""

from __future__ import annotations

from asyncio import Future, shield
from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T", covariant=True)
U = TypeVar("U")


class Promise(Generic[T]):
    """What a `future` will have, as `step` makes it if there is one.

    To be awaited by anybody, as often as they like; to cancel one who waits takes the value from
    no other. Whoever has many of them need not wait for each: those of one batch are there when
    the `first` of the batch is.
    """

    __slots__ = ("first", "future", "step")

    def __init__(
        self,
        future: Future[Any],
        first: Future[Any],
        step: Callable[[Any], T] | None = None,
    ) -> None:
        self.future = future
        self.first = first
        self.step = step

    def then(self, step: Callable[[T], U]) -> Promise[U]:
        """Promise what `step` will make of the value; it may raise."""
        before = self.step
        if before is None:
            return Promise(self.future, self.first, step)
        return Promise(self.future, self.first, lambda value: step(before(value)))

    def __await__(self) -> Generator[Any, None, T]:
        value = yield from shield(self.future).__await__()
        return value if self.step is None else self.step(value)
