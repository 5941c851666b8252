"""Where a request reads: on one replica while it may, and else on the primary."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar, cast

from persistence import failures
from persistence.cancellation import finish
from persistence.cluster import Cluster
from persistence.lanes import Lane, Usage
from persistence.leases import Lease
from persistence.retries import RETRIES, may_be_repeated
from persistence.servers import Server

T = TypeVar("T")

log = logging.getLogger("inkwell.persistence")


class Reads:
    """The reads of one request, outside its transactions and one at a time."""

    def __init__(self, cluster: Cluster, usage: Usage) -> None:
        self._cluster = cluster
        self._usage = usage
        self._lease: Lease | None = None
        self._replica: Server | None = None
        self._latest = False

    @property
    def has_replicas(self) -> bool:
        """Whether there are servers that do not have at once what is written."""
        return bool(self._cluster.replicas)

    def read_latest(self) -> None:
        """Read from the primary from now on, as after a transaction."""
        self._latest = True

    def follow(self, written_at: datetime | None, now: datetime) -> None:
        """Read from the primary if a replica may lack what was written then."""
        self._latest |= self._cluster.may_lack(written_at, now)

    def run(self, work: Callable[[Lane], Awaitable[T]], *, latest: bool = False) -> Awaitable[T]:
        """Read from the request's replica if there is one, else from the primary.

        Raises what the driver does, `Unreachable` or `TookTooLong`.
        """
        replica = None if latest or self._latest else self._choose_replica()
        return self._read_primary(work) if replica is None else self._read_replica(replica, work)

    def let_go_at_once(self) -> bool:
        """Give the connection back, if nothing has to be awaited for that; tell whether it is."""
        if self._lease is None:
            return True
        if not self._lease.is_idle:
            return False
        self._lease.give_back()
        self._lease = None
        return True

    async def let_go(self) -> None:
        """Give the connection back until the next read, come what may."""
        if not self.let_go_at_once():
            lease, self._lease = cast("Lease", self._lease), None
            await finish(lease.close())

    async def _read_replica(self, replica: Server, work: Callable[[Lane], Awaitable[T]]) -> T:
        """Read from a replica, or from the primary what it can't tell."""
        try:
            return await self._read(replica, work)
        except Exception as error:
            if not failures.is_of_server(error):
                raise
            failure = error  # whatever comes of the primary is not to be put down to this
        return await self._read_instead(replica, failure, work)

    async def _read_primary(self, work: Callable[[Lane], Awaitable[T]]) -> T:
        """Read as often as need be: a connection may die between being lent and being used.

        So may the next one, if somebody ends all of them one by one.
        """
        primary = self._cluster.primary
        for _ in range(RETRIES):
            try:
                return await self._read(primary, work)
            except Exception as error:
                if not may_be_repeated(error):
                    raise
                log.info("A read is repeated: %s", failures.first_line(error))
                await self.let_go()
        return await self._read(primary, work)

    async def _read_instead(
        self, replica: Server, failure: Exception, work: Callable[[Lane], Awaitable[T]]
    ) -> T:
        """Read from the primary what a replica could not tell, and all that is read afterwards."""
        log.info("A read is repeated on the primary: %s", failures.first_line(failure))
        self.read_latest()
        await self.let_go()
        result = await self._read_primary(work)
        if not (may_be_repeated(failure) or isinstance(failure, failures.Unreachable)):
            self._cluster.complain(replica, failure)
        return result

    def _choose_replica(self) -> Server | None:
        """Choose once: another one may lag more, and what was read would not be there any more."""
        if self._replica is None:
            self._replica = self._cluster.replica()
            self._latest = self._replica is None
        return self._replica

    def _read(self, server: Server, work: Callable[[Lane], Awaitable[T]]) -> Awaitable[T]:
        if self._lease is None:
            self._lease = Lease(server, self._usage)
        elif self._lease.server is not server:
            return self._read_elsewhere(server, work)
        return self._lease.run(work)

    async def _read_elsewhere(self, server: Server, work: Callable[[Lane], Awaitable[T]]) -> T:
        await self.let_go()
        return await self._read(server, work)
