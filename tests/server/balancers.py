"""Clients behind a load balancer, who notice each request that fails when an instance stops."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from signal import SIGTERM

from tests.server.processes import Answer, Connection, Deployed, connected
from tests.server.sockets import until

PROBE_EVERY_SECONDS = 0.4
BUSY_SECONDS = 60.0  # that a machine may take which does other things, too
READERS, SIGNERS = 6, 2
READ = "{ posts(first: 5) { nodes { title author { username } } } }"
DRAINING = {"status": "unavailable", "reason": "draining"}
SIGN_UP = """mutation ($username: String!) {
  signUp(input: {
    username: $username, displayName: "Ada", password: "plainly-fake",
    email: "ada@example.com"
  }) { __typename }
}"""
SIGN_IN = """mutation {
  signIn(input: {login: "ada", password: "plainly-fake"}) { __typename }
}"""
GENEROUS = {
    "sign_in_limit_per_login": "100000 per minute",
    "sign_in_limit_per_address": "100000 per minute",
}


class Balancer:
    """Sends an instance requests over connections that it keeps, until the probe says not to."""

    def __init__(self, server: Deployed) -> None:
        self._server = server
        self.is_out = False
        self.told: Answer | None = None
        self.sent = 0
        self.answered = 0
        self.failures: list[object] = []

    async def probe(self) -> None:
        """Ask again and again, which alone tells whether to go on."""
        while not self.is_out:
            self.told = await self._server.ask("/readyz")
            self.is_out = self.told is None or self.told.status != 200
            await asyncio.sleep(PROBE_EVERY_SECONDS)

    async def send(self, document: str) -> None:
        """Send requests one after the other."""
        connection = None
        while not self.is_out:
            self.sent += 1
            try:
                connection = connection or await Connection.to(self._server.port)
                answer = await connection.query(document)
            except (OSError, EOFError) as error:
                self.failures.append(error)
                connection = None
                continue
            self._count(answer)
            if answer.is_last:
                await connection.close()
                connection = None
        if connection is not None:
            await connection.close()

    def _count(self, answer: Answer) -> None:
        if answer.status == 200 and "errors" not in answer.body:
            self.answered += 1
        else:
            self.failures.append(answer)


@dataclass(frozen=True, slots=True)
class Stop:
    """How an instance ended, and what that was to its clients."""

    balancer: Balancer
    code: int
    seconds: float

    def __str__(self) -> str:
        balancer = self.balancer
        return (
            f"{balancer.sent} sent, {balancer.answered} answered, "
            f"{len(balancer.failures)} failed, {self.seconds:.2f} s"
        )


async def stop_under_load(server: Deployed) -> Stop:
    """Tell an instance to stop while clients read and sign in."""
    balancer = Balancer(server)
    await sign_up(server)
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as load:
        load.create_task(balancer.probe())
        for document in [READ] * READERS + [SIGN_IN] * SIGNERS:
            load.create_task(balancer.send(document))
        await until(lambda: balancer.answered >= 30, seconds=BUSY_SECONDS)
        told_at = loop.time()
        server.tell(SIGTERM)
    code = await server.exit_code()
    return Stop(balancer, code, loop.time() - told_at)


async def sign_up(server: Deployed) -> None:
    async with connected(server.port) as connection:
        answer = await connection.query(SIGN_UP, username="ada")
    assert answer.body == {"data": {"signUp": {"__typename": "SignUpPayload"}}}
