"""Runs that tell which fields each statement is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from schema.batches import Batch
from schema.promises import Promise
from server.execution.arguments import Arguments
from server.execution.places import Place, field_place, path_of
from server.execution.running import Complete, Run
from server.tracing import Cause, Trace


class TracedRun(Run):
    """A run for which somebody traces what is sent to the database."""

    __slots__ = ("_trace",)

    def __init__(
        self, context: Any, arguments: Arguments, core_maker: Callable[[], Any], trace: Trace
    ) -> None:
        super().__init__(context, arguments, core_maker)
        self._trace = trace

    def wait(self, value: Any, complete: Complete, place: Place) -> Any:
        with self._trace.caused_by(partial(cause_of, [place])):  # as the task of a resolver is
            return super().wait(value, complete, place)

    async def load(self, batch: Batch) -> bool:
        with self._trace.caused_by(partial(self._cause_of, batch)):
            return await super().load(batch)

    def load_soon(self, batch: Batch) -> None:
        with self._trace.caused_by(partial(self._cause_of, batch)):
            super().load_soon(batch)

    def _cause_of(self, batch: Batch) -> Cause:
        """Tell who asks for a batch: all that wait for it."""
        places = (
            place
            for awaited, _, place in self.pending
            if isinstance(awaited, Promise) and awaited.batch is batch
        )
        return cause_of(places, keys=len(batch.keys))


def cause_of(places: Iterable[Place], keys: int | None = None) -> Cause:
    """Tell of fields by their ways from the root, each once for an object that it is asked of."""
    fields = {id(field): field for field in map(field_place, places)}
    return Cause(Counter(map(way_to, fields.values())), keys)


def way_to(place: Place) -> str:
    """Write the way to a field, such as `posts.nodes.author`, by the keys that the answer has."""
    return ".".join(key for key in path_of(place).as_list() if isinstance(key, str))
