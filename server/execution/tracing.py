"""Runs that tell which fields each statement is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from schema.batches import Batch
from schema.promises import Promise
from server.execution.arguments import Arguments
from server.execution.places import Field, Place, field_place
from server.execution.running import Complete, Run
from server.tracing import Cause, Trace


class TracedRun(Run):
    """A run for which somebody traces what is sent to the database."""

    __slots__ = ("_loads", "_trace")

    def __init__(
        self, context: Any, arguments: Arguments, core_maker: Callable[[], Any], trace: Trace
    ) -> None:
        super().__init__(context, arguments, core_maker)
        self._trace = trace
        self._loads: dict[Batch, int] = {}  # the step of each

    def wait(self, value: Any, complete: Complete, place: Place) -> Any:
        if type(value) is Promise:  # sends nothing before its batch is loaded
            return super().wait(value, complete, place)
        with self._trace.in_step(self._trace.begin(partial(cause_of, [place]))):
            return super().wait(value, complete, place)  # as the task of a resolver is

    async def load(self, batch: Batch) -> bool:
        step, is_loaded = self._step_of(batch), True
        with self._trace.in_step(step):
            try:
                is_loaded = await super().load(batch)
            finally:
                if is_loaded:
                    self._trace.end(step)
        return is_loaded

    def load_soon(self, batch: Batch) -> None:
        if batch not in self._loads:
            trace, step = self._trace, self._step_of(batch)
            batch.end().add_done_callback(lambda _: trace.end(step))
        with self._trace.in_step(self._step_of(batch)):
            super().load_soon(batch)

    def _step_of(self, batch: Batch) -> int:
        step = self._loads.get(batch)
        if step is None:
            step = self._loads[batch] = self._trace.begin(partial(self._cause_of, batch))
        return step

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
    asked = {id(place): place for place in map(field_place, places)}
    one_of_each = {place[3].field: place for place in asked.values()}
    parents = Counter(place[3].field for place in asked.values())
    ways = Counter[str]()
    for field, place in one_of_each.items():  # all places of a field have the same way
        ways[way_to(place)] += parents[field]
    first = next(iter(one_of_each.values()), None)
    return Cause(ways, keys, None if first is None else str(entity_field(first)))


def entity_field(place: Place) -> Field:
    """Find the field of an entity or the root that a place is in: a connection's is its list's."""
    within, _, _, position = place
    field = position.field
    if within is None or any(each.name == "Node" for each in field.parent_type.interfaces):
        return field
    return entity_field(field_place(within))


def way_to(place: Place) -> str:
    """Write the way to a field, such as `posts.nodes.author`, by the keys that the answer has."""
    keys, at = [], cast("Place | None", place)
    while at is not None:
        within, key, _, _ = at
        if isinstance(key, str):
            keys.append(key)
        at = within
    return ".".join(reversed(keys))
