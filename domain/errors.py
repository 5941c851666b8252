"""Expected failures, as the business would name them.

* DomainError
  - AlreadyTaken
  - Busy
  - InvalidInput
  - NotAllowed
  - NotFound
  - NotSignedIn
  - OutcomeUnknown
  - TookTooLong
  - TooManyAttempts
  - Unavailable
  - VersionConflict
  - WrongCredentials
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


class DomainError(Exception):
    """A rule of the product said no; the message is fit to show a user."""


class AlreadyTaken(DomainError):
    """Someone else holds a value that only one may hold; `field` is the entity's attribute."""

    def __init__(self, field: str) -> None:
        super().__init__(f"That {field.replace('_', ' ')} is already taken.")
        self.field = field


class Busy(DomainError):
    """Too many want the same at once, and others went first; nothing was done."""

    def __init__(self) -> None:
        super().__init__("Too much is going on at the moment. Try again, please.")


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with an input, and the way to it: `("tags", "1")` is the second tag."""

    path: tuple[str, ...]
    message: str


class InvalidInput(DomainError):
    """What was written breaks rules; `problems` tells all of them at once."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(" ".join(f"{'.'.join(each.path)}: {each.message}" for each in problems))
        self.problems = problems


class NotAllowed(DomainError):
    """The viewer may see it, but not do this to it."""

    def __init__(self) -> None:
        super().__init__("Only its author and moderators may do that.")


class NotFound(DomainError):
    """What was asked for never was, or is gone; `kind` is the name of its entity."""

    def __init__(self, kind: str, id: int) -> None:
        super().__init__(f"No such {kind.lower()}.")
        self.kind = kind
        self.id = id


class NotSignedIn(DomainError):
    """It takes a signed-in user, and the viewer is none."""

    def __init__(self, message: str = "Sign in first.") -> None:
        super().__init__(message)


class OutcomeUnknown(DomainError):
    """The store was lost while it saved: it may have saved all of it, or nothing."""

    def __init__(self) -> None:
        super().__init__(
            "The connection was lost while this was being saved. Look whether it is there "
            "before you try again."
        )


class TookTooLong(DomainError):
    """The store was at it for longer than it may be, and was stopped; nothing was done."""

    def __init__(self) -> None:
        super().__init__("This took too long, and was stopped.")


class TooManyAttempts(DomainError):
    """It was tried too often, and may be again after some seconds."""

    def __init__(self, retry_after_seconds: int) -> None:
        minutes = ceil(retry_after_seconds / 60)
        wait = "a minute" if minutes <= 1 else f"{minutes:,} minutes"
        super().__init__(f"Too many attempts. Try again in {wait}.")
        self.retry_after_seconds = retry_after_seconds


class Unavailable(DomainError):
    """The store can't be reached at the moment; nothing was done."""

    def __init__(self) -> None:
        super().__init__("The service is not available at the moment. Try again soon, please.")


class VersionConflict(DomainError):
    """Someone else changed it first; `current_version` is what they made of it."""

    def __init__(self, current_version: int) -> None:
        super().__init__(f"It was changed meanwhile, and is at version {current_version} now.")
        self.current_version = current_version


class WrongCredentials(DomainError):
    """The login or the password is wrong; which of them, nobody is told."""

    def __init__(self) -> None:
        super().__init__("That login and password do not go together.")
