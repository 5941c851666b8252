"""One run of a plan: what it waits for, and what went wrong.

All that is pending is awaited in one task, in waves: what a wave brought is completed, which
may ask for more, before anything is waited for again. So loaders get all keys of a level at
once, and nothing is scheduled for a field that is a value or a loader's promise.
"""

from __future__ import annotations

import asyncio
from asyncio import Future, ensure_future, get_running_loop, isfuture
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from time import perf_counter
from types import GeneratorType
from typing import Any, TypeAlias

from graphql import GraphQLAbstractType, GraphQLError, GraphQLResolveInfo, Undefined
from graphql.pyutils import is_awaitable

from schema.batches import Batch
from schema.promises import Promise
from server.execution.arguments import Arguments
from server.execution.places import Place, field_place, located, path_of

Complete: TypeAlias = Callable[["Run", Any, Place], Any]
"""Makes of a field's value what the answer has, or `None` and puts that there later."""

YIELD_AFTER_SECONDS = 0.01
"""After so long in one wave, others are let go on."""


class Kinds(dict[type, bool]):
    """Tells by its type whether a value is more than that: to be awaited, or an error."""

    def __missing__(self, kind: type) -> bool:
        is_special = issubclass(kind, Exception | type(Undefined) | GeneratorType)
        self[kind] = is_special = is_special or hasattr(kind, "__await__")
        return is_special


KINDS = Kinds()


Pending: TypeAlias = "tuple[Future[Any] | Promise[Any], Complete, Place]"
"""What is awaited, and what is done with its value."""


class Run:
    """The execution of one operation, from its first field to its last."""

    __slots__ = (
        "_core",
        "_core_maker",
        "_has_nulled_more",
        "_nulled",
        "_tasks",
        "_waiter",
        "_watched",
        "arguments",
        "context",
        "errors",
        "is_null",
        "pending",
    )

    def __init__(self, context: Any, arguments: Arguments, core_maker: Callable[[], Any]) -> None:
        """Take what makes graphql-core's executor of the operation, should that be needed."""
        self.context = context
        self.arguments = arguments
        self.errors: list[GraphQLError] = []
        self.is_null = False
        self._core_maker = core_maker
        self._core: Any = None
        self._nulled: dict[int, Place] = {}
        self.pending: list[Pending] = []
        self._tasks = set[Future[Any]]()
        self._has_nulled_more = False
        self._waiter: Future[None] | None = None
        self._watched: set[Future[Any]] = set()

    @property
    def core(self) -> Any:
        """Graphql-core's executor of the same operation, for what is rare."""
        if self._core is None:
            self._core = self._core_maker()
        return self._core

    def resolve_info(self, place: Place) -> GraphQLResolveInfo[Any]:
        """Tell about a field what graphql-core tells resolvers, and those who know types."""
        place = field_place(place)
        field = place[3].field
        info: GraphQLResolveInfo[Any] = self.core.build_resolve_info(
            field.definition, field.nodes, field.parent_type, path_of(place)
        )
        return info

    def refuse_type(self, name: Any, type_: GraphQLAbstractType, value: Any, place: Place) -> None:
        """Tell why a value can't be of the type that was named; raises `GraphQLError`."""
        info, details = self.resolve_info(place), place[3].field.details
        self.core.ensure_valid_runtime_type(name, type_, details, info, value)

    def settle(self, value: Any, complete: Complete, place: Place) -> Any:
        """Complete a value, or wait for it; raises what its completion does."""
        if KINDS[type(value)]:
            return self.wait(value, complete, place)
        return complete(self, value, place)

    def wait(self, value: Any, complete: Complete, place: Place) -> Any:
        """Do the same for a value of a special kind; raises it if it is an error."""
        if type(value) is not Promise:
            if isinstance(value, Exception):
                raise value
            if not is_awaitable(value):
                return complete(self, None if value is Undefined else value, place)
            if not isfuture(value):
                value = ensure_future(value)
                self._tasks.add(value)
        self.pending.append((value, complete, place))
        return None

    def fail(self, error: Exception, place: Place) -> None:
        """Have a place be null for an error; raises it, located, if it may not be."""
        told = located(error, place)
        if not place[3].is_nullable:
            raise told
        self._add(told, place)

    def fail_item(self, error: Exception, place: Place, items: Sequence[Any]) -> None:
        """Do the same for an item of a list, whose other items are forgotten if it raises."""
        try:
            self.fail(error, place)
        except GraphQLError:
            self.abandon(islice(items, int(place[1]) + 1, None))
            raise

    def abandon(self, items: Iterator[Any]) -> None:
        """Take care of what nobody will wait for: the rest of a list that failed."""
        with suppress(Exception):
            for item in items:
                if type(item) is not Promise and is_awaitable(item):
                    self._tasks.add(ensure_future(item))

    def null_root(self, error: GraphQLError) -> None:
        """Have the whole answer be null."""
        self._add(error, None)
        self.is_null = True

    async def finish(self) -> None:
        """Wait for all that is pending, and for all that this brings."""
        while self.pending and not self.is_null:
            is_in_time = self._complete_some()
            if self._has_nulled_more:
                self._has_nulled_more = False
                await self._end([each for each in self.pending if self._is_nulled(each[2])])
            if is_in_time:
                await self._until_more_is_there()
            else:
                await asyncio.sleep(0)

    async def clear(self) -> None:
        """End what still runs."""
        for future in self._watched:
            future.remove_done_callback(self._wake)
        await self._end(self.pending)
        await ended([*self._tasks])

    async def _end(self, unwanted: Sequence[Pending]) -> None:
        """Wait no longer for what is in places that are null."""
        if unwanted:
            places = {id(each[2]) for each in unwanted}
            self.pending = [each for each in self.pending if id(each[2]) not in places]
            futures = [each[0] for each in unwanted if not isinstance(each[0], Promise)]
            for future in futures:
                forget(future)
            await ended([future for future in futures if future in self._tasks])

    def _complete_some(self) -> bool:
        """Complete what is there; False if there is more, but others should go on."""
        pending, self.pending = self.pending, []
        left = []
        ends_at = perf_counter() + YIELD_AFTER_SECONDS
        is_in_time = True
        for each in pending:
            if self._nulled and self._is_nulled(each[2]):
                left.append(each)  # to be ended
            elif is_in_time and is_there(each[0]):
                self._complete(each)
                is_in_time = perf_counter() < ends_at
            else:
                left.append(each)
        self.pending[:0] = left
        return is_in_time

    def _complete(self, each: Pending) -> None:
        awaited, complete, place = each
        try:
            if isinstance(awaited, Promise):
                value = awaited.value()
                if type(value) is Promise:
                    self.wait(value, complete, place)
                    return
            else:
                value = awaited.result()
            if isinstance(value, Exception):
                raise value  # noqa: TRY301 (as resolvers may return what they might raise)
            place[2][place[1]] = complete(self, value, place)
        except Exception as error:  # noqa: BLE001 (is told, whatever it is)
            self._null(located(error, place), place)

    async def _until_more_is_there(self) -> None:
        """Wait for some of what is pending; if it is one batch, that is loaded here and now.

        Batches that lead on to others are first: those may be added to what else is pending.
        """
        batches = dict[Batch | None, bool]()
        for awaited, complete, _ in self.pending:
            if is_there(awaited):
                return
            batch = awaited.batch if isinstance(awaited, Promise) else None
            if not batches.get(batch):
                batches[batch] = leads_on(complete)
        wanted = batches.keys() if None in batches else first_of(batches)
        if len(wanted) == 1:
            (only,) = wanted
            if only is not None and await self.load(only):
                return
        if wanted:
            await self._until_woken(wanted)

    async def _until_woken(self, wanted: Collection[Batch | None]) -> None:
        """Wait for the first of these batches that is over, or of what is in none."""
        self._waiter = waiter = get_running_loop().create_future()
        for batch in wanted:
            if batch is not None:
                self.load_soon(batch)
                self._watch(batch.end())
        for awaited, _, _ in self.pending if None in wanted else ():
            if not isinstance(awaited, Promise):
                self._watch(awaited)
        await waiter

    def load(self, batch: Batch) -> Awaitable[bool]:
        """Load a batch here and now, as the batch does."""
        return batch.load()

    def load_soon(self, batch: Batch) -> None:
        """Load a batch in a task of its own, as the batch does."""
        batch.load_soon()

    def _watch(self, future: Future[Any]) -> None:
        if future not in self._watched:
            self._watched.add(future)
            future.add_done_callback(self._wake)

    def _wake(self, _: Future[Any]) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _null(self, error: GraphQLError, place: Place) -> None:
        """Have what may be null around a place be that."""
        nullable: Place | None = place
        while nullable is not None and not nullable[3].is_nullable:
            nullable = nullable[0]
        if nullable is None:
            self.null_root(error)
        else:
            nullable[2][nullable[1]] = None
            self._add(error, nullable)

    def _add(self, error: GraphQLError, nulled: Place | None) -> None:
        """Take note of an error, unless what it is in is null already."""
        if self.is_null or (self._nulled and self._is_nulled(nulled)):
            return
        self.errors.append(error)
        if nulled is not None:
            self._nulled[id(nulled)] = nulled
            self._has_nulled_more = True

    def _is_nulled(self, place: Place | None) -> bool:
        while place is not None:
            if id(place) in self._nulled:
                return True
            place = place[0]
        return False


def is_there(awaited: Future[Any] | Promise[Any]) -> bool:
    """Tell whether what is awaited has a value, or has failed."""
    return awaited.batch.is_over if isinstance(awaited, Promise) else awaited.done()


def final(complete: Complete) -> Complete:
    """Mark what completes values that ask for nothing more."""
    complete.is_final = True  # type: ignore[attr-defined] # functions take any attribute
    return complete


def leads_on(complete: Complete) -> bool:
    """Tell whether what comes of a value may ask for more."""
    return not getattr(complete, "is_final", False)


def first_of(batches: Mapping[Batch | None, bool]) -> Collection[Batch | None]:
    """Choose those that lead on, or all if none does."""
    return [batch for batch, leads in batches.items() if leads] or batches.keys()


async def ended(futures: Sequence[Future[Any]]) -> None:
    """Cancel what still runs, and wait until it has ended."""
    running = []
    for future in futures:
        if future.done():
            look_at_error(future)
        else:
            future.cancel()
            running.append(future)
    if running:
        await asyncio.gather(*running, return_exceptions=True)


def forget(future: Future[Any]) -> None:
    """Look at a future's error some time, so that nobody warns that it was not."""
    future.add_done_callback(look_at_error)


def look_at_error(future: Future[Any]) -> None:
    """Look at the error of a future that is done, if it has one."""
    if not future.cancelled():
        future.exception()
