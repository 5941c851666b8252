"""The request's session, safe to share between concurrent resolvers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError

from persistence.cancellation import finish
from persistence.cluster import Cluster
from persistence.failures import domain_errors
from persistence.lanes import Found, Lane, Usage
from persistence.leases import Lease
from persistence.reads import Reads
from persistence.retries import run_anew
from persistence.statements import Query
from persistence.tracing import Sent

T = TypeVar("T")


class RequestSession:
    """Lends one connection to one statement at a time.

    GraphQL resolves sibling fields concurrently, and a connection refuses
    concurrent use. Taking turns keeps one connection per request, which one
    for each loader would give up. Outside `transaction` a read stands
    alone, which saves PostgreSQL the round trips of BEGIN and ROLLBACK.

    What the database can't do at the moment raises `Unavailable`, `Busy` or `TookTooLong`.
    """

    def __init__(self, cluster: Cluster, usage: Usage) -> None:
        self.usage = usage
        self.reads = Reads(cluster, usage)
        self._cluster = cluster
        self._transaction: Lease | None = None
        self._turn = asyncio.Lock()
        self._borrowers: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    @property
    def has_arrays(self) -> bool:
        """Whether many keys can be one parameter."""
        return self._cluster.primary.profile.has_arrays

    @property
    def needs_savepoints(self) -> bool:
        """Whether a statement that fails ends its transaction, unless it goes back to one."""
        return self._cluster.primary.profile.needs_savepoints

    def rows(
        self, query: Query, *, to_write: bool = False, latest: bool = False
    ) -> Awaitable[Found]:
        """Run a statement and return its rows, fully read; the `latest` ones are the primary's."""
        return self._lend(lambda lane: lane.fetch(query), to_write=to_write, latest=latest)

    async def insert(self, query: Query, *, may_break: bool = False) -> int | None:
        """Write a row now, and return its key; None if the statement made none.

        If it `may_break` a constraint, the transaction goes on after the `IntegrityError`.
        """
        return await self._write(lambda lane: lane.insert(query), may_break=may_break)

    async def change(self, query: Query, *, may_break: bool = False) -> int:
        """Run a writing statement, and count the rows it hit.

        If it `may_break` a constraint, the transaction goes on after the `IntegrityError`.
        """
        return await self._write(lambda lane: lane.change(query), may_break=may_break)

    def explain(self, sent: Sent) -> Awaitable[str]:
        """Tell how the primary runs a statement that was sent before, by running it once more.

        Raises `ValueError` unless it only reads.
        """
        if not sent.only_reads:
            raise ValueError("Only a SELECT without locks is explained.")
        return self._lend(lambda lane: lane.explain(sent.text, sent.parameters), latest=True)

    async def transaction(self, write: Callable[[], Awaitable[T]]) -> T:
        """Commit what `write` wrote and return its result, or roll back if it raises.

        One that the database gave up for the sake of others, or whose connection died before
        its COMMIT, is run anew. Raises `OutcomeUnknown` if it died during that.
        """
        with domain_errors:
            return await run_anew(lambda: self._attempt(write))

    async def release(self) -> None:
        """Give the connection back until the next statement; not within a transaction."""
        async with self._turn:
            if self._transaction is None:
                await self.reads.let_go()

    async def close(self) -> None:
        """Stop what still runs or waits here, and give the connection back, come what may."""
        self._is_closed = True
        is_at_work = self._borrowers or self._transaction is not None
        if is_at_work or not self.reads.let_go_at_once():
            await finish(self._end())

    async def _attempt(self, write: Callable[[], Awaitable[T]]) -> T:
        """Run a transaction once; what has been sent of its COMMIT is not interrupted."""
        self._refuse_nesting()
        await self.release()
        async with self._cluster.write_turn:
            lease = await self._begin()
            try:
                result = await write()
                async with self._turn:
                    await finish(lease.commit())
            except BaseException:
                await finish(self._roll_back(lease))
                raise
            finally:
                self._transaction = None
                if lease.is_idle:
                    lease.give_back()
                else:
                    await finish(lease.close())
        return result

    def _refuse_nesting(self) -> None:
        if self._transaction is not None:
            raise RuntimeError("This session is in a transaction already.")

    async def _begin(self) -> Lease:
        async with self._turn:
            self._refuse_nesting()  # another one may have begun meanwhile
            await self.reads.let_go()
            self.reads.read_latest()
            self._transaction = Lease(self._cluster.primary, self.usage, to_write=True)
            return self._transaction

    async def _roll_back(self, lease: Lease) -> None:
        await self._stop_borrowers()
        async with self._turn:
            await lease.roll_back()

    async def _end(self) -> None:
        await self._stop_borrowers()
        await self.reads.let_go()
        if self._transaction is not None:
            await self._transaction.close()

    async def _stop_borrowers(self) -> None:
        borrowers = [*self._borrowers]
        for task in borrowers:
            task.cancel()
        await asyncio.gather(*borrowers, return_exceptions=True)

    async def _write(self, work: Callable[[Lane], Awaitable[T]], *, may_break: bool) -> T:
        if not (may_break and self.needs_savepoints):
            return await self._lend(work, to_write=True)

        async def write(lane: Lane) -> T:
            async with savepoint(lane):
                return await work(lane)

        return await self._lend(write, to_write=True)

    async def _lend(
        self,
        work: Callable[[Lane], Awaitable[T]],
        *,
        to_write: bool = False,
        latest: bool = False,
    ) -> T:
        """Do some work on the connection when it is free."""
        if self._is_closed:  # a loader's batch that was scheduled before, and starts after
            raise asyncio.CancelledError
        task: Any = asyncio.current_task()
        self._borrowers.add(task)
        try:
            async with self._turn:  # whoever waited may have missed the transaction
                if to_write and self._transaction is None:
                    raise RuntimeError("Writing needs a transaction.")
                if self._transaction is not None:
                    return await self._transaction.run(work)
                with domain_errors:
                    return await self.reads.run(work, latest=latest)
        finally:
            self._borrowers.discard(task)


@asynccontextmanager
async def savepoint(lane: Lane) -> AsyncGenerator[None]:
    """Take a write that breaks a constraint back alone, so that its transaction can go on.

    Whatever else goes wrong takes the transaction with it.
    """
    await lane.command("SAVEPOINT before_write")
    try:
        yield
    except IntegrityError:
        await lane.command("ROLLBACK TO SAVEPOINT before_write")
        raise
    await lane.command("RELEASE SAVEPOINT before_write")
