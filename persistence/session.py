"""The request's session, safe to share between concurrent resolvers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import datetime
from random import uniform
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import CursorResult, Delete, Dialect, Insert, Row, Select, Update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

import domain
from persistence import failures
from persistence.cancellation import finish
from persistence.cluster import Cluster
from persistence.leases import Lease
from persistence.models import Base
from persistence.servers import Server

log = logging.getLogger("inkwell.persistence")

RecordT = TypeVar("RecordT", bound=Base)
T = TypeVar("T")
Columns = TypeVarTuple("Columns")

RETRIES = 3
FIRST_PAUSE_SECONDS = 0.05  # at most, and twice as much each time: "full jitter"


class RequestSession:
    """Lends one session of SQLAlchemy's to one statement at a time.

    GraphQL resolves sibling fields concurrently, and an `AsyncSession` refuses
    concurrent use. Taking turns keeps one connection per request, which a
    session per loader would give up. Outside `transaction` a read stands
    alone, which saves PostgreSQL the round trips of BEGIN and ROLLBACK.

    What the database can't do at the moment raises `Unavailable`, `Busy` or `TookTooLong`.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lease: Lease | None = None
        self._replica: Server | None = None
        self._turn = asyncio.Lock()
        self._borrowers: set[asyncio.Task[Any]] = set()
        self._reads_latest = False
        self._in_transaction = False
        self._is_closed = False

    @property
    def has_copies(self) -> bool:
        """Whether there are replicas, which do not have at once what is written."""
        return bool(self._cluster.replicas)

    def read_latest(self) -> None:
        """Read from the primary from now on, as after a transaction."""
        self._reads_latest = True

    def follow(self, written_at: datetime | None, now: datetime) -> None:
        """Read from the primary if a replica may lack what was written then."""
        self._reads_latest |= self._cluster.may_lack(written_at, now)

    async def dialect(self) -> Dialect:
        """Tell what the database can do; known once it has been asked, which connecting does."""

        async def look(session: AsyncSession) -> Dialect:
            return (await session.connection()).dialect

        return await self._lend(look)

    async def rows(
        self, statement: Select[*Columns], *, to_write: bool = False, latest: bool = False
    ) -> Sequence[Row[*Columns]]:
        """Run a statement and return its rows, fully read; the `latest` ones are the primary's."""

        async def read(session: AsyncSession) -> Sequence[Row[*Columns]]:
            return (await session.execute(statement)).all()

        return await self._lend(read, to_write=to_write, latest=latest)

    async def add(self, record: RecordT) -> RecordT:
        """Write a record now, so that it has its key.

        Raises `IntegrityError` for a broken constraint, after which the transaction goes on.
        """

        async def write(session: AsyncSession) -> RecordT:
            async with savepoint(session):
                session.add(record)
                await session.flush()
            return record

        return await self._lend(write, to_write=True)

    async def change(
        self,
        statement: Insert | Update | Delete,
        rows: Sequence[Mapping[str, Any]] = (),
        *,
        may_break: bool = False,
    ) -> int:
        """Run a writing statement, once for all `rows` if there are any; count the rows it hit.

        If it `may_break` a constraint, the transaction goes on after the `IntegrityError`.
        """

        async def write(session: AsyncSession) -> int:
            async with savepoint(session) if may_break else nullcontext():
                result = await session.execute(statement, rows or None)
                return cast("CursorResult[Any]", result).rowcount

        return await self._lend(write, to_write=True)

    async def transaction(self, write: Callable[[], Awaitable[T]]) -> T:
        """Commit what `write` wrote and return its result, or roll back if it raises.

        One that the database gave up for the sake of others, or whose connection died before
        its COMMIT, is run anew, `RETRIES` times. Raises `OutcomeUnknown` if it died during that.
        """
        pauses = (uniform(0, FIRST_PAUSE_SECONDS * 2**n) for n in range(RETRIES))  # noqa: S311 (no secret)
        with domain_errors():
            while True:
                try:
                    return await self._attempt(write)
                except Exception as error:
                    if not may_be_repeated(error):
                        raise
                    log.info("A transaction was taken back: %s", failures.first_line(error))
                    pause_seconds = next(pauses, None)
                    if pause_seconds is None:
                        raise
                await asyncio.sleep(pause_seconds)

    async def release(self) -> None:
        """Give the connection back until the next statement; not within a transaction."""
        async with self._turn:
            if not self._in_transaction:
                await finish(self._let_go())

    async def close(self) -> None:
        """Stop what still runs or waits here, and give the connection back, come what may."""
        self._is_closed = True
        await finish(self._end())

    async def _attempt(self, write: Callable[[], Awaitable[T]]) -> T:
        """Run a transaction once; what has been sent of its COMMIT is not interrupted."""
        self._refuse_nesting()
        await self.release()
        async with self._cluster.write_turn():
            lease = await self._begin()
            try:
                result = await write()
                async with self._turn:
                    await finish(lease.commit())
            except BaseException:
                await finish(self._roll_back(lease))
                raise
            finally:
                self._in_transaction, self._lease = False, None
                await finish(lease.close())
        return result

    def _refuse_nesting(self) -> None:
        if self._in_transaction:
            raise RuntimeError("This session is in a transaction already.")

    async def _begin(self) -> Lease:
        async with self._turn:
            self._refuse_nesting()  # another one may have begun meanwhile
            await finish(self._let_go())
            self._in_transaction = self._reads_latest = True
            self._lease = Lease(self._cluster.primary, to_write=True)
            return self._lease

    async def _roll_back(self, lease: Lease) -> None:
        await self._stop_borrowers()
        async with self._turn:
            await lease.roll_back()

    async def _end(self) -> None:
        await self._stop_borrowers()
        await self._let_go()

    async def _let_go(self) -> None:
        lease, self._lease = self._lease, None
        if lease is not None:
            await lease.close()

    async def _stop_borrowers(self) -> None:
        borrowers = [*self._borrowers]
        for task in borrowers:
            task.cancel()
        await asyncio.gather(*borrowers, return_exceptions=True)

    async def _lend(
        self,
        work: Callable[[AsyncSession], Awaitable[T]],
        *,
        to_write: bool = False,
        latest: bool = False,
    ) -> T:
        """Do some work on the session when it is free."""
        if self._is_closed:  # a loader's batch that was scheduled before, and starts after
            raise asyncio.CancelledError
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._borrowers.add(task)
        try:
            async with self._turn:  # whoever waited may have missed the transaction
                if to_write and not self._in_transaction:
                    raise RuntimeError("Writing needs a transaction.")
                if self._in_transaction:
                    return await cast("Lease", self._lease).run(work)
                with domain_errors():
                    return await self._read(work, latest=latest or self._reads_latest)
        finally:
            self._borrowers.discard(task)

    async def _read(self, work: Callable[[AsyncSession], Awaitable[T]], *, latest: bool) -> T:
        """Read from the request's replica if there is one, else from the primary."""
        replica = None if latest else self._choose_replica()
        if replica is None:
            return await self._read_primary(work)
        try:
            return await (await self._lease_on(replica)).run(work)
        except Exception as error:
            if not failures.is_of_server(error):
                raise
            failure = error  # whatever comes of the primary is not to be put down to this
        return await self._read_instead(replica, failure, work)

    async def _read_primary(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Read as often as need be: a connection may die between being lent and being used.

        So may the next one, if somebody ends all of them one by one.
        """
        primary = self._cluster.primary
        for _ in range(RETRIES):
            try:
                return await (await self._lease_on(primary)).run(work)
            except Exception as error:
                if not may_be_repeated(error):
                    raise
                log.info("A read is repeated: %s", failures.first_line(error))
                await finish(self._let_go())
        return await (await self._lease_on(primary)).run(work)

    async def _read_instead(
        self, replica: Server, failure: Exception, work: Callable[[AsyncSession], Awaitable[T]]
    ) -> T:
        """Read from the primary what a replica could not tell, and all that is read afterwards."""
        log.info("A read is repeated on the primary: %s", failures.first_line(failure))
        self._reads_latest = True
        await finish(self._let_go())
        result = await self._read_primary(work)
        if not (may_be_repeated(failure) or isinstance(failure, failures.Unreachable)):
            self._cluster.complain(replica, failure)
        return result

    def _choose_replica(self) -> Server | None:
        """Choose once: another one may lag more, and what was read would not be there any more."""
        if self._replica is None:
            self._replica = self._cluster.replica()
            self._reads_latest = self._replica is None
        return self._replica

    async def _lease_on(self, server: Server) -> Lease:
        if self._lease is None or self._lease.server is not server:
            await finish(self._let_go())
            self._lease = Lease(server)
        return self._lease


def may_be_repeated(error: Exception) -> bool:
    """Tell whether an error took back whatever was done, and may not come again.

    One of the domain's is an answer, even if a connection was cut for it.
    """
    is_answer = isinstance(error, domain.DomainError)
    return not is_answer and (failures.is_lost_race(error) or failures.is_lost_connection(error))


@contextmanager
def domain_errors() -> Generator[None]:
    """Raise what the database can't do at the moment as the domain's error of that."""
    try:
        yield
    except Exception as error:
        told = failures.as_domain_error(error)
        if told is None or told is error:
            raise
        log.info("%s: %s", type(told).__name__, failures.first_line(error))
        raise told from error


@asynccontextmanager
async def savepoint(session: AsyncSession) -> AsyncGenerator[None]:
    """Take a write that breaks a constraint back alone, so that its transaction can go on.

    Whatever else goes wrong takes the transaction with it, and on MySQL the savepoint.
    """
    nested = await session.begin_nested()
    try:
        yield
        await nested.commit()
    except IntegrityError:
        await nested.rollback()
        raise
