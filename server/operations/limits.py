"""What a request may ask for, and how it is told that it asks for more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schema.errors import BadRequest, Code

COUNTED = 1_000_000  # beyond which nobody wants to know
MAX_VALUES = 10_000
"""Values in the arguments of a document, each of which is checked for each operation, and those
in variables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationLimits:
    """The most there may be of each in a document, in each of its operations, or in variables."""

    characters: int = 100_000
    tokens: int = 4_000
    operations: int = 50
    fragments: int = 100
    depth: int = 12
    introspection_depth: int = 20
    root_fields: int = 20
    mutations: int = 5
    selections: int = 1_000
    aliases: int = 60
    directives: int = 50
    list_length: int = 1_000
    variables_depth: int = 30
    cost: int = 10_000
    values: int = 100_000


def counted(found: int) -> str:
    """Say a number, as far as anybody wants to know it."""
    return f"{found:,}" if found <= COUNTED else f"more than {COUNTED:,}"


class TooComplex(BadRequest):
    """A request asks for more than a limit allows; says what, how much, and the limit."""

    def __init__(self, what: str, found: int, most: int, nodes: Any = None) -> None:
        message = f"Too many {what}: {counted(found)}. The limit is {most:,}."
        super().__init__(message, code=Code.QUERY_TOO_COMPLEX, nodes=nodes, limit=most)


class TooDeep(BadRequest):
    """A request is nested for more levels than a limit allows."""

    def __init__(self, what: str, most: int, nodes: Any = None) -> None:
        message = f"{what} nested too deeply. The limit is {most:,} levels."
        super().__init__(message, code=Code.QUERY_TOO_COMPLEX, nodes=nodes, limit=most)


class TooTangled(BadRequest):
    """A document's fragments lead too far from one to another for what goes through them."""

    def __init__(self) -> None:
        message = "The fragments are nested too deeply within each other, or spread too often."
        super().__init__(message, code=Code.QUERY_TOO_COMPLEX)


def check_most(what: str, found: int, most: int, nodes: Any = None) -> None:
    """Refuse what there is more of than there may be; raises `TooComplex`."""
    if found > most:
        raise TooComplex(what, found, most, nodes)
