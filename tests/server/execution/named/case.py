"""What a named case is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import ExecutionResult

Told: TypeAlias = tuple[str, str]
"""The path of an error, and its message."""


@dataclass(frozen=True, slots=True)
class Case:
    """A claim, an operation that shows it, and all that comes of that."""

    claim: str
    document: str
    data: Any
    errors: Sequence[Told] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    log: Sequence[str] = ()

    def __str__(self) -> str:
        return self.claim


def told(result: ExecutionResult) -> list[Told]:
    """The errors of an answer, in the order of their paths."""
    return sorted(
        (".".join(map(str, error.path or ())), error.message) for error in result.errors or ()
    )
