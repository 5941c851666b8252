"""How attempts to get in end."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Counter

import domain
from server.metrics.instruments import Instruments, Outcome

OUTCOMES: dict[type[BaseException], Outcome] = {
    domain.WrongCredentials: Outcome.WRONG_CREDENTIALS,
    domain.AlreadyTaken: Outcome.TAKEN,
    domain.TooManyAttempts: Outcome.RATE_LIMITED,
}
"""What is expected; everything else has failed, as for a database that is down."""


@dataclass(frozen=True, kw_only=True)
class CountedAccounts(domain.Accounts):
    """Accounts whose sign-ins and sign-ups are counted by what came of them."""

    instruments: Instruments

    async def sign_up(
        self,
        work: domain.UnitOfWork,
        user: domain.NewUser,
        password: str,
        client: domain.Client,
        *,
        at: datetime,
    ) -> domain.Admission:
        with outcome_counted(self.instruments.sign_ups):
            return await super().sign_up(work, user, password, client, at=at)

    async def sign_in(
        self,
        work: domain.UnitOfWork,
        login: str,
        password: str,
        client: domain.Client,
        *,
        at: datetime,
    ) -> domain.Admission:
        with outcome_counted(self.instruments.sign_ins):
            return await super().sign_in(work, login, password, client, at=at)


@contextmanager
def outcome_counted(attempts: Counter) -> Generator[None]:
    """Count what comes of a block."""
    try:
        yield
    except BaseException as error:
        attempts.labels(OUTCOMES.get(type(error), Outcome.FAILED)).inc()
        raise
    attempts.labels(Outcome.SUCCESS).inc()
