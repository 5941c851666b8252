"""Passwords: how long they are, and how one is hashed."""

from collections.abc import Iterator
from typing import Protocol
from unicodedata import normalize

from domain.errors import FieldProblem
from domain.text import is_blank, is_keepable

MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 1_024
MAX_COMPOSED_LENGTH = 4 * MAX_PASSWORD_LENGTH


def compose(password: str) -> str:
    """Compose a password's characters: keyboards send é as one or as two (RFC 8265, NFC).

    One that is far too long stays: composing takes quadratic time (CPython 3.11).
    """
    if len(password) > MAX_COMPOSED_LENGTH:
        return password
    return normalize("NFC", password)


def password_problems(password: str) -> Iterator[FieldProblem]:
    """Check a password, which is not trimmed: every character of it counts."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        bounds = f"{MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH:,}"
        yield FieldProblem(("password",), f"{bounds} characters, please.")
    elif is_blank(password) or not is_keepable(password):
        yield FieldProblem(("password",), "Characters that can be typed and seen, please.")


class Passwords(Protocol):
    """Hashes passwords, slowly on purpose and without holding up other requests."""

    async def hash(self, password: str) -> str:
        """Return a salted hash, with the parameters it was made with."""

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Tell whether a password belongs to a hash; None takes as long, and none belongs to it."""

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether a hash was made with other parameters than new ones are."""
