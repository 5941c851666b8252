"""Expected failures, as the business would name them.

* DomainError
  - AlreadyTaken
  - InvalidInput
  - NotFound
  - VersionConflict
"""

from collections.abc import Sequence
from dataclasses import dataclass


class DomainError(Exception):
    """A rule of the product said no; the message is fit to show a user."""


class AlreadyTaken(DomainError):
    """Someone else holds a value that only one may hold."""

    def __init__(self, field: str) -> None:
        super().__init__(f"That {field} is already taken.")
        self.field = field


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field of an input."""

    field: str
    message: str


class InvalidInput(DomainError):
    """What was written breaks rules; `problems` tells all of them at once."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


class NotFound(DomainError):
    """What was asked for never was, or is gone."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"No such {kind}.")


class VersionConflict(DomainError):
    """Someone else changed it first; `current_version` is what they made of it."""

    def __init__(self, current_version: int) -> None:
        super().__init__(f"It was changed meanwhile, and is at version {current_version} now.")
        self.current_version = current_version
