"""The servers that requests share, and a unit of work for each request."""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Generator,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Self, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import domain
from persistence.cluster import Cluster
from persistence.comments import SqlCommentRepository
from persistence.entities import Heavy
from persistence.failures import ConnectionLost, Unreachable, first_line
from persistence.lanes import Usage
from persistence.options import EngineOptions
from persistence.posts import SqlPostRepository
from persistence.readiness import Readiness
from persistence.servers import Address, Server, ServerState
from persistence.session import RequestSession
from persistence.sessions import SqlSessionRepository
from persistence.tags import SqlTagRepository
from persistence.tracing import Sent
from persistence.users import SqlUserRepository

T = TypeVar("T")


class DatabaseUnreachable(Exception):
    """The database can't be asked; the message says where it should be, and why not."""


class SqlUnitOfWork:
    """`domain.UnitOfWork` over one request's session, which ends with a block."""

    def __init__(
        self, session: RequestSession, viewer: domain.Viewer, heavy: Heavy = domain.HEAVY
    ) -> None:
        self._session = session
        self._heavy = heavy
        self.viewer = viewer

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._session.close()

    @property
    def users(self) -> SqlUserRepository:
        return SqlUserRepository(self._session, self.viewer, self._heavy)

    @property
    def sessions(self) -> SqlSessionRepository:
        return SqlSessionRepository(self._session)

    @property
    def posts(self) -> SqlPostRepository:
        return SqlPostRepository(self._session, self.viewer, self._heavy)

    @property
    def comments(self) -> SqlCommentRepository:
        return SqlCommentRepository(self._session, self.viewer, self._heavy)

    @property
    def tags(self) -> SqlTagRepository:
        return SqlTagRepository(self._session, self.viewer, self._heavy)

    @property
    def usage(self) -> Usage:
        """What this request has asked of the database so far, whoever it was seen by."""
        return self._session.usage

    async def explain(self, sent: Sent) -> str:
        """Tell how the database runs a statement that was sent before; see `RequestSession`."""
        return await self._session.explain(sent)

    def seen_by(self, viewer: domain.Viewer) -> Self:
        return type(self)(self._session, viewer, self._heavy)

    def reading(self, heavy: frozenset[str]) -> Self:
        return type(self)(self._session, self.viewer, heavy)

    def read_latest(self) -> None:
        self._session.reads.read_latest()

    async def transaction(self, write: Callable[[], Awaitable[T]]) -> T:
        async def write_and_note() -> T:
            result = await write()
            await self._note_write()
            return result

        return await self._session.transaction(
            write_and_note if self._session.reads.has_replicas else write
        )

    async def _note_write(self) -> None:
        if self.viewer is not None and self.viewer.session_id is not None:
            await self.sessions.update_last_write(self.viewer.session_id, at=datetime.now(UTC))

    async def release(self) -> None:
        await self._session.release()


class Database:
    """A primary, and replicas if there are any, for the life of the process."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    @classmethod
    @asynccontextmanager
    async def connect(
        cls,
        url: str,
        options: EngineOptions | None = None,
        *,
        replica_urls: Sequence[str] = (),
        replica_lag: timedelta = timedelta(0),
    ) -> AsyncGenerator[Database]:
        """Make the pools, which connect when first used; close their connections in the end.

        Raises `ValueError` as `check_url` does.
        """
        options = options or EngineOptions()
        primary = Server(url, options)
        replicas = [Server(each, options, is_replica=True) for each in replica_urls]
        cluster = Cluster(primary, replicas, lag=replica_lag)
        try:
            yield cls(cluster)
        finally:
            await cluster.close()

    @property
    def engine(self) -> AsyncEngine:
        """The primary's engine, which is in autocommit."""
        return self._cluster.primary.engine

    def servers(self) -> list[ServerState]:
        """Tell how the primary and each replica fare, without asking them."""
        cluster = self._cluster
        return [server.state for server in (cluster.primary, *cluster.replicas)]

    def address_of(self, name: str) -> Address:
        """Tell what a server is and where, by the name that `Sent` has."""
        servers = (self._cluster.primary, *self._cluster.replicas)
        return next(each.address for each in servers if each.name == name)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """Lend a connection that reads, outside a transaction: on SQLite one would lock writers."""
        async with self._cluster.primary.connection() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """Lend a connection in a transaction, committed when the block ends unless it raises."""
        async with self._cluster.write_turn, self._cluster.primary.transaction() as connection:
            yield connection

    @asynccontextmanager
    async def transactions(self) -> AsyncGenerator[AsyncConnection]:
        """Lend a connection on which transactions are begun and ended one after the other."""
        async with self._cluster.primary.transactions() as connection:
            yield connection

    async def ping(self) -> None:
        """Have the database answer; raises `DatabaseUnreachable`."""
        with self.answering():
            await self._cluster.primary.ping()

    @contextmanager
    def answering(self) -> Generator[None]:
        """Raise `DatabaseUnreachable` if the primary does not answer a block, or refuses."""
        try:
            yield
        except IntegrityError:  # an answer, to a question that was wrong
            raise
        except (Unreachable, ConnectionLost, DBAPIError) as error:
            raise DatabaseUnreachable(
                f"{self._cluster.primary.url}: {first_line(error)}"
            ) from error

    @asynccontextmanager
    async def readiness(
        self, revisions: Collection[str], earlier: Collection[str] = ()
    ) -> AsyncGenerator[Readiness]:
        """Tell, as often as it is asked, whether the primary answers and is at these revisions.

        Once it was, it may go on to revisions that nobody knew of, but not back to an earlier one.
        """
        readiness = Readiness(self._cluster, revisions, earlier)
        try:
            yield readiness
        finally:
            await readiness.close()

    def unit_of_work(
        self, viewer: domain.Viewer = None, *, usage: Usage | None = None
    ) -> SqlUnitOfWork:
        """Open a session for a viewer; it takes a connection once something is read or written.

        What it asks of the database is counted by `usage`, if that is not left to it.
        To be entered: when the block ends, reads that still run are stopped and the connection is
        given back.
        """
        return SqlUnitOfWork(RequestSession(self._cluster, usage or Usage()), viewer)
