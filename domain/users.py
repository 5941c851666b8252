"""Users: the people who write."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import NewType, Protocol, Self

from domain.errors import FieldProblem, InvalidInput
from domain.pagination import OrderField, Page, PageRequest
from domain.text import text_problems

UserId = NewType("UserId", int)

USERNAME = re.compile(r"[a-z0-9_]{3,50}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Someone who signed up."""

    id: UserId
    username: str
    email: str
    display_name: str
    bio: str
    role: Role
    created_at: datetime
    updated_at: datetime | None

    def describe(self, *, display_name: str, bio: str, at: datetime) -> Self:
        """Change how the user presents themself; raises `InvalidInput`."""
        display_name, bio = display_name.strip(), bio.strip()
        problems = [
            *display_name_problems(display_name),
            *text_problems("bio", bio, at_most=MAX_BIO_LENGTH),
        ]
        if problems:
            raise InvalidInput(problems)
        return replace(self, display_name=display_name, bio=bio, updated_at=at)


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
        cls, *, username: str, email: str, display_name: str | None = None, at: datetime
    ) -> Self:
        """Sign up; names and addresses compare without regard to case. Raises `InvalidInput`."""
        username, email = fold(username), fold(email)
        display_name = (display_name or username).strip()
        problems = [
            *username_problems(username),
            *email_problems(email),
            *display_name_problems(display_name),
        ]
        if problems:
            raise InvalidInput(problems)
        return cls(username=username, email=email, display_name=display_name, created_at=at)


def fold(text: str) -> str:
    """Write a name or an address the one way it is kept: unique whatever its case."""
    return text.strip().lower()


def username_problems(username: str) -> Iterator[FieldProblem]:
    """Check the form of a folded username."""
    if not USERNAME.fullmatch(username):
        yield FieldProblem("username", "3 to 50 of a-z, 0-9 and _, please.")


def email_problems(email: str) -> Iterator[FieldProblem]:
    """Check that an address has two sides and fits."""
    yield from text_problems("email", email, at_most=MAX_EMAIL_LENGTH, one_line=True)
    if not EMAIL.fullmatch(email):
        yield FieldProblem("email", "An address like name@example.com, please.")


def display_name_problems(name: str) -> Iterator[FieldProblem]:
    """Check the name shown to readers."""
    yield from text_problems(
        "displayName", name, at_least=1, at_most=MAX_DISPLAY_NAME_LENGTH, one_line=True
    )


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

    async def create(self, user: NewUser) -> User:
        """Keep a new user; raises `AlreadyTaken` for a username or email in use."""

    async def update(self, user: User) -> None:
        """Keep a changed user; raises `AlreadyTaken`, or `NotFound`."""

    async def delete(self, id: UserId) -> None:
        """Forget a user, with what they wrote; raises `NotFound`."""
