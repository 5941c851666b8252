"""Promises: values that loaders will have, and what is to be made of them."""

from __future__ import annotations

from asyncio import shield
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from schema.batches import Batch

T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


class Promise(Generic[T_co]):
    """What a batch will have for a key, as `step` makes it if there is one.

    To be awaited by anybody, as often as they like; to cancel one who waits takes the value from
    no other. Nothing is loaded before somebody waits. Whoever has many promises need not wait for
    each: they can see to the batches.
    """

    __slots__ = ("batch", "key", "step")

    def __init__(
        self, key: Any, batch: Batch, step: Callable[[Any], T_co | Promise[T_co]] | None = None
    ) -> None:
        self.key = key
        self.batch = batch
        self.step = step

    def then(self, step: Callable[[T_co], U | Promise[U]]) -> Promise[U]:
        """Promise what `step` will make of the value, or promise in its turn; it may raise."""
        if self.step is not None:
            raise TypeError("There is a step already.")
        return Promise(self.key, self.batch, step)

    def value(self) -> T_co | Promise[T_co]:
        """Return the value, once the batch is over; raises what loading it or the step raised."""
        value: T_co = self.batch.value_of(self.key)
        return value if self.step is None else self.step(value)

    def __await__(self) -> Generator[Any, None, T_co]:
        self.batch.load_soon()
        yield from shield(self.batch.end()).__await__()
        value = self.value()
        if isinstance(value, Promise):
            value = yield from value.__await__()
        return value
