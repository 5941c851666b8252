"""Accounts: signing up, in and out, over ports for what the standard library has not."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.access import SignedIn
from domain.errors import InvalidInput, NotFound, WrongCredentials
from domain.passwords import Passwords, compose, password_problems
from domain.sessions import NewSession, Session, new_token
from domain.unit_of_work import UnitOfWork
from domain.users import Credentials, NewUser, User, UserId, fold_login


class AttemptLimits(Protocol):
    """Counts attempts, so that passwords can't be guessed."""

    async def count_sign_in(self, account: str, address: str) -> None:
        """Count an attempt at an account from an address; raises `TooManyAttempts`."""

    async def forget_sign_ins(self, account: str) -> None:
        """Forget the attempts at an account: they were its owner's."""

    async def count_claim(self, address: str) -> None:
        """Count an attempt to take a name or an email; raises `TooManyAttempts`.

        Whoever hears that it is taken has learnt that it is somebody's.
        """


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from."""

    address: str
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """A user who has just been let in, and the token to come back with, shown this once."""

    user: User
    session: Session
    token: str

    @property
    def viewer(self) -> SignedIn:
        """The user, as whoever asks from now on."""
        return SignedIn(self.user.id, self.user.role, self.session.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """How people get in with a password."""

    passwords: Passwords
    limits: AttemptLimits
    session_lifetime: timedelta

    async def sign_up(
        self, work: UnitOfWork, user: NewUser, password: str, client: Client, *, at: datetime
    ) -> Admission:
        """Make an account and sign it in; raises `TooManyAttempts` or `AlreadyTaken`."""
        await work.release()
        await self.limits.count_claim(client.address)
        password_hash = await self.passwords.hash(compose(password))

        async def create() -> User:
            return await work.users.create(user, password_hash)

        return await self._admit(work, create, client, at)

    async def sign_in(
        self, work: UnitOfWork, login: str, password: str, client: Client, *, at: datetime
    ) -> Admission:
        """Sign in by username or email; raises `TooManyAttempts` or `WrongCredentials`.

        A hash that was made with outdated parameters is replaced.
        """
        login = fold_login(login)
        found = await work.users.find_credentials(login)
        account = f"#{found.user_id}" if found else login  # however its owner is called
        await work.release()
        await self.limits.count_sign_in(account, client.address)
        renewed = await self._renew(found, compose(password))
        await self.limits.forget_sign_ins(account)

        async def find() -> User:
            try:
                user = await work.users.get_for_update(renewed.user_id)
            except NotFound:
                raise WrongCredentials from None
            if await work.users.find_credentials(login) != found:  # changed since it was read
                raise WrongCredentials
            if renewed != found:
                await work.users.update_credentials(renewed)
            return user

        return await self._admit(work, find, client, at)

    async def edit_profile(
        self,
        work: UnitOfWork,
        user_id: UserId,
        client: Client,
        *,
        username: str | None = None,
        email: str | None = None,
        display_name: str | None = None,
        bio: str | None = None,
        at: datetime,
    ) -> User:
        """Change a profile as `User.edit` does; to take another name or email is an attempt.

        Raises `InvalidInput`, `TooManyAttempts`, `AlreadyTaken`, or `NotFound`.
        """

        def edited(user: User) -> User:
            return user.edit(
                username=username, email=email, display_name=display_name, bio=bio, at=at
            )

        before = await work.users.get(user_id)
        after = edited(before)
        if (after.username, after.email) != (before.username, before.email):
            await self.limits.count_claim(client.address)

        async def write() -> User:
            user = edited(await work.users.get_for_update(user_id))
            await work.users.update(user)
            return user

        return await work.transaction(write)

    async def set_password(self, work: UnitOfWork, user_id: UserId, password: str) -> int:
        """Give a user another password, end their sessions, and count these.

        Raises `InvalidInput` or `NotFound`.
        """
        password = compose(password)
        if problems := [*password_problems(password)]:
            raise InvalidInput(problems)
        credentials = Credentials(user_id, await self.passwords.hash(password))

        async def write() -> int:
            await work.users.get_for_update(user_id)
            await work.users.update_credentials(credentials)
            return await work.sessions.delete_by_user(user_id)

        return await work.transaction(write)

    async def _renew(self, found: Credentials | None, password: str) -> Credentials:
        """Check a password, and hash it anew if its hash is outdated; raises `WrongCredentials`."""
        password_hash = found.password_hash if found else None
        is_right = await self.passwords.verify(password_hash, password)
        if not (found and password_hash and is_right):
            raise WrongCredentials
        if self.passwords.is_outdated(password_hash):
            return Credentials(found.user_id, await self.passwords.hash(password))
        return found

    async def _admit(
        self,
        work: UnitOfWork,
        find_or_create: Callable[[], Awaitable[User]],
        client: Client,
        at: datetime,
    ) -> Admission:
        token = new_token()

        async def write() -> Admission:
            user = await find_or_create()
            session = NewSession.begin(
                user.id,
                token=token,
                user_agent=client.user_agent,
                lifetime=self.session_lifetime,
                at=at,
            )
            return Admission(user, await work.sessions.create(session), token)

        return await work.transaction(write)
