"""Whether the database is there, with the tables that this code knows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from enum import Enum
from time import monotonic

from sqlalchemy import String, column, select, table

import domain
from persistence import failures
from persistence.cluster import Cluster
from persistence.lanes import Usage
from persistence.reads import Reads
from persistence.statements import Query

QUESTION_SECONDS = 0.7
REASON_SECONDS = 10.0
PATIENCE_SECONDS = 0.8  # a second, by default, is that of those who probe

REVISIONS = Query(
    "revisions",
    lambda _: select(column("version_num", String())).select_from(table("alembic_version")),
)

OF_TIME = (domain.Busy, domain.TookTooLong)

log = logging.getLogger("inkwell.persistence")


class Objection(Enum):
    """Why requests can't be served, in words that are for anybody."""

    NO_ANSWER = "the database does not answer"
    OTHER_REVISION = "the database is at another revision"


class Readiness:
    """Asks the primary where it stands, once for all who want to know at the same time.

    The revision fits if it is the expected one, or was and the database has gone on since: a
    migration comes before the instances of its release, and those before them serve meanwhile.

    If all connections are lent, there are requests that it serves: then it is only looked at
    whether it is there, and of its revision what was true when it was last asked.
    """

    def __init__(
        self, cluster: Cluster, revisions: Collection[str], earlier: Collection[str]
    ) -> None:
        self._cluster = cluster
        self._expected = {*revisions}
        self._earlier = {*earlier}
        self._has_fitted = False
        self._found: set[str] | None = None
        self._told: tuple[Objection | None, str] = (None, "")
        self._told_at = 0.0
        self._question: asyncio.Task[Objection | None] | None = None

    async def objection(self) -> Objection | None:
        """Say within a second what speaks against sending requests here; None if nothing does."""
        if self._question is None or self._question.done():
            self._question = asyncio.create_task(self._ask())
        question = self._question
        await asyncio.wait([question], timeout=PATIENCE_SECONDS)
        return question.result() if question.done() else Objection.NO_ANSWER

    async def close(self) -> None:
        """Stop asking."""
        if self._question is not None:
            self._question.cancel()
            await asyncio.gather(self._question, return_exceptions=True)

    async def _ask(self) -> Objection | None:
        began_at = monotonic()
        try:
            async with asyncio.timeout(QUESTION_SECONDS):
                await self._look()
        except Exception as error:  # noqa: BLE001 (whatever it is, requests would meet it too)
            if not self._answers_others(error, within_seconds=monotonic() - began_at):
                return self._tell(Objection.NO_ANSWER, failures.first_line(error))
        if self._found is not None and not self._fits(self._found):
            return self._tell(Objection.OTHER_REVISION, ", ".join(sorted(self._found)) or "none")
        return self._tell(None)

    def _fits(self, found: set[str]) -> bool:
        if found == self._expected:
            self._has_fitted = True
        return self._has_fitted and bool(found) and not found & self._earlier

    async def _look(self) -> None:
        """Learn the revision, or that the server is there; raises what drivers do."""
        primary = self._cluster.primary
        if self._found is None or not primary.is_busy:
            self._found = await self._read()
        elif not await primary.is_there():
            raise failures.Unreachable("all connections are in use, and no answer to another")

    def _answers_others(self, error: Exception, *, within_seconds: float) -> bool:
        """Tell whether it was only our turn that did not come in time."""
        meaning = failures.as_domain_error(error)
        is_of_time = isinstance(error, TimeoutError) or isinstance(meaning, OF_TIME)
        has_answered = self._cluster.primary.breaker.has_answered_within(within_seconds)
        return is_of_time and has_answered and self._found is not None

    async def _read(self) -> set[str]:
        reads = Reads(self._cluster, Usage())
        try:
            found = await reads.run(lambda lane: lane.fetch(REVISIONS), latest=True)
        except Exception as error:
            if failures.is_missing_table(error):
                return set()
            raise
        finally:
            await reads.let_go()
        return {revision for (revision,) in found.rows}

    def _tell(self, objection: Objection | None, detail: str = "") -> Objection | None:
        """Log what has changed, with what is not for everybody; another reason not too often."""
        is_other = objection is not self._told[0]
        is_late = monotonic() >= self._told_at + REASON_SECONDS
        if is_other or (is_late and detail != self._told[1]):
            self._told, self._told_at = (objection, detail), monotonic()
            if objection is None:
                log.warning("Ready again.")
            else:
                log.warning("Not ready, %s: %s", objection.value, detail)
        return objection
