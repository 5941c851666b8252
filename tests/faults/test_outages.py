"""A database that is down for a while, and one that says nothing any more, under steady load."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.faults.service import Answer, Service, now, served
from tests.faults.traffic import Traffic, traffic_to
from tests.persistence.connections import checked_out
from tests.servers import MariaDB, MySQL, PostgreSQL
from tests.servers.database import DatabaseServer

pytestmark = pytest.mark.slow

KINDS = (PostgreSQL, MariaDB, MySQL)
DOWN_SECONDS = 5.0
QUICK_SECONDS = 2.0
RECOVERY_SECONDS = 2.0
WARM_SECONDS = 1.0  # after which a connection that lay idle is tried before it is used
IN_FLIGHT_SECONDS = 5 + 1 + 1  # the time limit of a statement, the grace, and a busy machine


async def stop(server: DatabaseServer) -> None:
    await server.stop()


async def kill(server: DatabaseServer) -> None:
    await server.kill()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", [stop, kill])
async def test_a_database_that_is_down_for_a_while_is_told_at_once_and_forgotten_at_once(
    kind: type[DatabaseServer], end: Callable[[DatabaseServer], Awaitable[None]]
) -> None:
    """Clients can try again when they are told so, and nobody has to restart anything."""
    async with kind() as server, served(server.url, anew=True) as service:
        async with traffic_to(service) as traffic:
            await traffic.goes_on_for(1)
            ended_at = now()
            await end(server)
            await traffic.goes_on_for(DOWN_SECONDS - (now() - ended_at))
            started_at = now()
            await server.start()
            answering_at = now()
            await traffic.goes_on_for(RECOVERY_SECONDS + 1)

        tell(f"{kind.__name__}, {end.__name__}", traffic, answering_at)
        meanwhile = traffic.between(ended_at, answering_at)
        assert longest(meanwhile) < QUICK_SECONDS
        down = [each for each in meanwhile if ended_at + 2 < each.asked_at < started_at]
        assert len(down) > 20 and all(is_told_at_once(each) for each in down)
        await check_recovery(service, traffic, answering_at)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_database_that_says_nothing_any_more_keeps_nobody_waiting(
    kind: type[DatabaseServer],
) -> None:
    """Its connections stay, so that only time tells; what was sent on them waits for its limit."""
    async with kind() as server, served(server.url, anew=True) as service:
        async with traffic_to(service) as traffic:
            await traffic.goes_on_for(1)
            frozen_at = now()
            server.freeze()
            await traffic.goes_on_for(DOWN_SECONDS + 4)
            server.thaw()
            thawed_at = now()
            await traffic.goes_on_for(RECOVERY_SECONDS + 1)

        tell(f"{kind.__name__}, freeze", traffic, thawed_at)
        warm = traffic.between(frozen_at - QUICK_SECONDS, frozen_at + WARM_SECONDS)
        assert longest(warm) < IN_FLIGHT_SECONDS
        cold = traffic.between(frozen_at + WARM_SECONDS, thawed_at - QUICK_SECONDS)
        assert longest(cold) < QUICK_SECONDS
        assert len(cold) > 40 and all(is_told_at_once(each) for each in cold)
        await check_recovery(service, traffic, thawed_at)


def is_told_at_once(answer: Answer) -> bool:
    """Tell whether an answer is what clients and proxies understand to be passing."""
    return (answer.status, answer.codes) == (503, {"SERVICE_UNAVAILABLE"})


async def check_recovery(service: Service, traffic: Traffic, answering_at: float) -> None:
    """See that the server went on by itself, and that nothing is left of the failures."""
    assert traffic.recovery_seconds(answering_at) < RECOVERY_SECONDS
    assert {code for each in traffic.failures for code in each.codes} <= {
        "SERVICE_UNAVAILABLE",
        "TIMEOUT",
    }
    await traffic.check_nothing_is_lost_or_doubled()
    assert checked_out(service.database) == 0
    assert (await service.write("afterwards")).is_good


def longest(answers: list[Answer]) -> float:
    return max(answer.seconds for answer in answers)


def tell(name: str, traffic: Traffic, answering_at: float) -> None:
    """Print what the decision records quote; `pytest -s` shows it."""
    failures = traffic.failures
    print(  # noqa: T201
        f"\n{name}: {len(failures)} of {len(traffic.answers)} failed, "
        f"longest {longest(traffic.answers):.2f} s, longest failure "
        f"{max((each.seconds for each in failures), default=0):.2f} s, "
        f"recovery {traffic.recovery_seconds(answering_at):.2f} s"
    )
