"""MySQL Group Replication, in which every member may write."""

from __future__ import annotations

import asyncio

from tests.servers.mysql import MySQL
from tests.servers.system import free_port

JOIN_SECONDS = 60
NAME = "3f2d7c1a-9b64-4e0f-8a55-6c1d2e3f4a5b"


class GroupMember(MySQL):
    """A member: `async with GroupMember() as one, GroupMember(joins=one) as other:`.

    The first of a group starts it, and the others get what it has. Every member takes writes, so
    that two transactions of different members can be found to conflict when they commit.
    """

    BINLOG = "--log-bin"

    def __init__(self, *options: str, joins: GroupMember | None = None) -> None:
        """Start a group, or join another member's; raises `MissingServer`."""
        super().__init__(*options)
        self.joins = joins
        self.group_port = free_port()
        self.members = 1
        if joins:
            joins.members += 1
        self.number = joins.members if joins else 1  # which keeps generated keys apart

    async def join(self) -> None:
        """Take part in the group, and wait until it counts; also after a restart."""
        await self.sql("START GROUP_REPLICATION")
        await self._until_online()

    async def catch_up(self) -> None:
        """Wait until it shows all that the member it joined has committed so far."""
        assert self.joins
        [(committed,)] = await self.joins.sql("SELECT @@global.gtid_executed")
        waited = f"SELECT WAIT_FOR_EXECUTED_GTID_SET('{committed}', {JOIN_SECONDS})"
        assert await self.sql(waited) == [(0,)], f"{self} lags behind"

    def _command(self) -> list[str]:
        seed = self.joins or self
        return [
            *super()._command(),
            f"--server-id={self.number}",
            "--gtid-mode=ON",
            "--enforce-gtid-consistency=ON",
            "--report-host=127.0.0.1",
            "--plugin-load-add=group_replication.so",
            f"--loose-group-replication-group-name={NAME}",
            "--loose-group-replication-start-on-boot=OFF",
            "--loose-group-replication-single-primary-mode=OFF",
            f"--loose-group-replication-local-address=127.0.0.1:{self.group_port}",
            f"--loose-group-replication-group-seeds=127.0.0.1:{seed.group_port}",
            "--loose-group-replication-recovery-get-public-key=ON",
        ]

    async def _welcome(self) -> None:
        await self.sql("RESET BINARY LOGS AND GTIDS")  # making itself is nobody else's business
        recovery = "CHANGE REPLICATION SOURCE TO SOURCE_USER = 'recovery', SOURCE_PASSWORD = 'r'"
        await self.sql(f"{recovery} FOR CHANNEL 'group_replication_recovery'")
        if self.joins:
            await self.join()
            return
        await self.sql(
            "SET GLOBAL group_replication_bootstrap_group = ON",
            "START GROUP_REPLICATION",
            "SET GLOBAL group_replication_bootstrap_group = OFF",
        )
        await self._until_online()
        await super()._welcome()
        await self.sql(
            "CREATE USER recovery IDENTIFIED BY 'r'", "GRANT REPLICATION SLAVE ON *.* TO recovery"
        )

    async def _until_online(self) -> None:
        state = (
            "SELECT member_state FROM performance_schema.replication_group_members"
            " WHERE member_id = @@server_uuid"
        )
        async with asyncio.timeout(JOIN_SECONDS):
            while await self.sql(state) != [("ONLINE",)]:  # noqa: ASYNC110 (it tells by no event)
                await asyncio.sleep(0.05)
