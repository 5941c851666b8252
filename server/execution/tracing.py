"""Runs that tell which fields each statement is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

from schema.batches import Batch
from schema.promises import Promise
from server.execution.places import Place
from server.execution.running import Complete, Run
from server.tracing import Cause, caused_by


class TracedRun(Run):
    """A run for which somebody traces what is sent to the database."""

    __slots__ = ()

    def wait(self, value: Any, complete: Complete, place: Place) -> Any:
        with caused_by(partial(cause_of, [place])):  # which the task has that runs a resolver
            return super().wait(value, complete, place)

    async def load(self, batch: Batch) -> bool:
        with caused_by(partial(self._cause_of, batch)):
            return await super().load(batch)

    def load_soon(self, batch: Batch) -> None:
        with caused_by(partial(self._cause_of, batch)):
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
    """Tell of fields by their ways from the root, without the places in lists."""
    return Cause(Counter(map(way_to, places)), keys)


def way_to(place: Place) -> str:
    """Write the way to a field, such as `posts.nodes.author`, by the keys that the answer has."""
    keys = []
    within: Place | None = place
    while within is not None:
        keys.append(within[1])
        within = within[0]
    return ".".join(each for each in reversed(keys) if isinstance(each, str))
