"""Connections that the database ends, between requests and in the midst of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event

import domain
from tests.faults.service import Service, now
from tests.faults.sessions import administrator
from tests.faults.traffic import traffic_to
from tests.persistence.connections import checked_out

pytestmark = pytest.mark.backends("postgresql", "mysql", "mariadb")

AT_ONCE = 20
ROUNDS = 10
OWN_END = {
    "postgresql": "SELECT pg_terminate_backend(pg_backend_pid())",
    "mysql": "KILL connection_id()",
}


async def test_connections_that_died_between_requests_are_noticed_by_none(
    service: Service, database_url: str
) -> None:
    """The whole pool, just used and so not tried: reads are repeated, and writes run anew."""
    async with administrator(database_url) as admin:
        for n in range(3):
            await asyncio.gather(*(service.read() for _ in range(AT_ONCE)))
            ended = await admin.end_sessions()
            reads = (service.read() for _ in range(AT_ONCE // 2))
            writes = (service.write(f"{n}.{i}") for i in range(AT_ONCE // 2))
            answers = await asyncio.gather(*reads, *writes)

            assert ended >= AT_ONCE // 2
            assert [answer for answer in answers if not answer.is_good] == []
    assert (await service.written()).total() == 3 * AT_ONCE // 2


async def test_a_read_whose_connections_all_die_does_not_spoil_the_next(
    service: Service,
) -> None:
    """A field that failed for good is no reason for the next one of its request to fail."""
    engine = service.database.engine.sync_engine
    end = OWN_END[engine.dialect.name]

    def kill(
        conn: Any, cursor: Any, statement: str, parameters: Any, *rest: Any
    ) -> tuple[str, Any]:
        return (end, ()) if "FROM tags" in statement else (statement, parameters)

    event.listen(engine, "before_cursor_execute", kill, retval=True)
    async with service.database.unit_of_work() as work:
        with pytest.raises((domain.Unavailable, domain.TookTooLong)):  # MySQL says it was stopped
            await work.tags.count(None)
        await work.users.count(domain.UserFilter())
    event.remove(engine, "before_cursor_execute", kill)

    assert checked_out(service.database) == 0


@pytest.mark.slow
async def test_connections_that_die_during_requests_cost_no_more_than_what_was_being_committed(
    service: Service, database_url: str
) -> None:
    """Such a client is told that it may be saved or not; everybody else gets an answer."""
    async with administrator(database_url) as admin, traffic_to(service) as traffic:
        for _ in range(ROUNDS):
            await traffic.has_answered(20)
            await admin.end_sessions()
        ended_at = now()

    assert [read for read in traffic.reads if not read.is_good] == []
    for failure in traffic.failures:
        assert failure.codes == {"SERVICE_UNAVAILABLE"} and failure.status == 503
        assert failure.may_be_saved and failure.retry_after is None
    assert len(traffic.failures) <= ROUNDS
    assert traffic.recovery_seconds(ended_at) < 1
    await traffic.check_nothing_is_lost_or_doubled()
    assert checked_out(service.database) == 0
