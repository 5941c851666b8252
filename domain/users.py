"""Users: the people who write."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import NewType, Protocol, Self
from unicodedata import normalize

from email_validator import EmailNotValidError, validate_email

from domain.errors import FieldProblem, InvalidInput
from domain.pagination import Order, OrderField, Page, PageRequest
from domain.passwords import compose, password_problems
from domain.text import fold, text_problems

UserId = NewType("UserId", int)

USERNAME = re.compile(r"[a-z0-9_]{3,50}")
MAX_EMAIL_LENGTH = 254
MAX_DISPLAY_NAME_LENGTH = 100
MAX_BIO_LENGTH = 2_000


class Role(Enum):
    """What a user may do beyond their own writing."""

    MEMBER = "MEMBER"
    MODERATOR = "MODERATOR"
    ADMIN = "ADMIN"


class UserOrderField(OrderField):
    """What users can be ordered by."""

    CREATED_AT = "created_at", datetime
    USERNAME = "username", str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFilter:
    """Which users; what is None does not narrow the list. Moments are exclusive."""

    username_prefix: str | None = None
    role: Role | None = None
    joined_after: datetime | None = None
    joined_before: datetime | None = None

    @property
    def bounded_field(self) -> UserOrderField | None:
        """The field whose values it bounds, if any: an index has them in that order only."""
        if self.username_prefix is not None:
            return UserOrderField.USERNAME
        is_bounded = self.joined_after is not None or self.joined_before is not None
        return UserOrderField.CREATED_AT if is_bounded else None

    @property
    def default_order(self) -> Order:
        """By name if it bounds the names; else newest first."""
        field = self.bounded_field or UserOrderField.CREATED_AT
        return Order(field, descending=field is not UserOrderField.USERNAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Someone who signed up.

    It lacks what is heavy if it was read without: see `UnitOfWork.reading`.
    """

    id: UserId
    username: str
    email: str
    display_name: str
    bio: str
    role: Role
    created_at: datetime
    updated_at: datetime | None

    def edit(
        self,
        *,
        username: str | None = None,
        email: str | None = None,
        display_name: str | None = None,
        bio: str | None = None,
        at: datetime,
    ) -> Self:
        """Change one's profile; what is None stays. Raises `InvalidInput`."""
        username = None if username is None else fold(username)
        email = None if email is None else fold_login(email)
        display_name = None if display_name is None else display_name.strip()
        bio = None if bio is None else bio.strip()
        if problems := [*profile_problems(username, email, display_name, bio)]:
            raise InvalidInput(problems)
        return replace(
            self,
            username=username or self.username,
            email=email or self.email,
            display_name=display_name or self.display_name,
            bio=self.bio if bio is None else bio,
            updated_at=at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """A user to be, without a key."""

    username: str
    email: str
    display_name: str
    bio: str = ""
    role: Role = Role.MEMBER
    created_at: datetime

    @classmethod
    def sign_up(
        cls,
        *,
        username: str,
        email: str,
        password: str,
        display_name: str | None = None,
        at: datetime,
    ) -> Self:
        """Sign up, shown by username unless told otherwise; raises `InvalidInput`.

        Names and addresses compare without regard to case. The password is looked at, not kept.
        """
        username, email = fold(username), fold_login(email)
        display_name = None if display_name is None else display_name.strip()
        problems = [
            *profile_problems(username, email, display_name),
            *password_problems(compose(password)),
        ]
        if problems:
            raise InvalidInput(problems)
        shown = username if display_name is None else display_name
        return cls(username=username, email=email, display_name=shown, created_at=at)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a user proves themself with; without a hash, nobody can."""

    user_id: UserId
    password_hash: str | None


def fold_login(login: str) -> str:
    """Fold a username or an address, which can be written in more ways than by case.

    An accented letter is one character or two, and a domain is in its own letters or in ASCII.
    """
    if len(login) > MAX_EMAIL_LENGTH:
        return fold(login)
    with suppress(EmailNotValidError):
        login = validate_email(login.strip(), check_deliverability=False).normalized
    return normalize("NFC", fold(login))


def profile_problems(
    username: str | None, email: str | None, display_name: str | None, bio: str | None = None
) -> Iterator[FieldProblem]:
    """Check what there is of a profile, folded and trimmed."""
    if username is not None and not USERNAME.fullmatch(username):
        yield FieldProblem(("username",), "3 to 50 of a-z, 0-9 and _, please.")
    if email is not None:
        yield from email_problems(email)
    if display_name is not None:
        yield from text_problems(
            "displayName",
            display_name,
            required=True,
            at_most=MAX_DISPLAY_NAME_LENGTH,
            one_line=True,
        )
    if bio is not None:
        yield from text_problems("bio", bio, at_most=MAX_BIO_LENGTH)


def email_problems(email: str) -> Iterator[FieldProblem]:
    """Check the form of an address; whether anybody reads what is sent there, nobody knows."""
    if len(email) > MAX_EMAIL_LENGTH:
        yield FieldProblem(("email",), f"At most {MAX_EMAIL_LENGTH} characters, please.")
        return
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError as error:
        yield FieldProblem(("email",), str(error))


class UserRepository(Protocol):
    """Where users are kept."""

    async def get(self, id: UserId) -> User:
        """Return one user; raises `NotFound`."""

    async def find(self, id: UserId) -> User | None:
        """Return one user, if there is one."""

    async def get_many(self, ids: Collection[UserId]) -> Mapping[UserId, User]:
        """Return the users that exist, keyed by id."""

    async def get_many_by_username(self, usernames: Collection[str]) -> Mapping[str, User]:
        """Return the users that exist, keyed by folded username."""

    async def page(self, request: PageRequest[UserFilter]) -> Page[User]:
        """Read one page of users."""

    async def count(self, filter: UserFilter) -> int:
        """Count users."""

    async def find_credentials(self, login: str) -> Credentials | None:
        """Return the credentials of the user with this folded username or email."""

    async def get_for_update(self, id: UserId) -> User:
        """Return one user that nobody else changes before the transaction ends.

        Raises `NotFound`.
        """

    async def create(self, user: NewUser, password_hash: str | None = None) -> User:
        """Keep a new user; raises `AlreadyTaken` for a username or email in use."""

    async def update_credentials(self, credentials: Credentials) -> None:
        """Keep a new hash of a user's password."""

    async def update(self, user: User) -> None:
        """Keep a changed user; raises `AlreadyTaken`, or `NotFound`."""

    async def delete(self, id: UserId) -> None:
        """Forget a user, with what they wrote; raises `NotFound`."""
