"""Sessions: where users are signed in, and the tokens that prove it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NewType, Protocol, Self

from domain.users import Role, UserId

SessionId = NewType("SessionId", int)

TOKEN_BYTES = 32
MAX_SESSIONS = 100
MAX_USER_AGENT_LENGTH = 500
SEEN_EVERY = timedelta(minutes=1)


def new_token() -> str:
    """Make a token of 256 random bits, in base64url."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    """Sum up a token: its SHA-256 in hexadecimal, which is all that is kept of it.

    It needs no salt and no stretching, as a password does: nobody guesses 256 random bits.
    """
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in user on one device."""

    id: SessionId
    user_id: UserId
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_agent: str | None

    def is_due(self, at: datetime) -> bool:
        """Tell whether its use is to be noted again: not at every request, that would be writes."""
        return at - self.last_seen_at >= SEEN_EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session to be, without a key."""

    user_id: UserId
    token_digest: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_agent: str | None

    @classmethod
    def begin(
        cls,
        user_id: UserId,
        *,
        token: str,
        user_agent: str | None,
        lifetime: timedelta,
        at: datetime,
    ) -> Self:
        """Sign a user in on a device for some time."""
        return cls(
            user_id=user_id,
            token_digest=digest_of(token),
            created_at=at,
            last_seen_at=at,
            expires_at=at + lifetime,
            user_agent=user_agent and user_agent[:MAX_USER_AGENT_LENGTH],
        )


class SessionRepository(Protocol):
    """Where sessions are kept. Expired ones do not exist, whether they are deleted yet or not."""

    async def find_by_token(
        self, token_digest: str, *, at: datetime
    ) -> tuple[Session, Role] | None:
        """Return the session of a token, and what its user may do at the moment."""

    async def get_many_by_user(self, user_id: UserId, *, at: datetime) -> Sequence[Session]:
        """Return a user's sessions, newest first."""

    async def create(self, session: NewSession) -> Session:
        """Keep a new session; raises `NotFound` if the user is gone.

        The user's expired ones are deleted, and the oldest beyond `MAX_SESSIONS`.
        """

    async def update_last_seen(self, id: SessionId, *, at: datetime) -> None:
        """Keep when a session was used, unless another request did within `SEEN_EVERY`."""

    async def delete(self, id: SessionId, *, user_id: UserId) -> None:
        """End a user's session; raises `NotFound` for one that is another's, or none."""

    async def delete_by_user(self, user_id: UserId) -> int:
        """End all sessions of a user, and count them."""
