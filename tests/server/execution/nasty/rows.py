"""Objects whose class is known ahead, with anything in their slots: plans read them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.views import InstanceOf, made_by
from tests.server.execution.nasty.kinds import LEAVES, Anything, Colour, Even, Size
from tests.server.execution.nasty.outcomes import Failure, Later, chance

__all__ = ["Anything", "Colour", "Even", "Size", "datetime"]  # which annotations name

WRAPPERS: Mapping[str, str] = {"maybe": "{} | None", "sure": "{}"}
SLOTS = [f"{wrapper}_{name}" for name in LEAVES for wrapper in WRAPPERS]


class Row:
    """What is behind a record; some lack what they should have, or have something else."""

    __slots__ = ("n", *SLOTS)

    def __init__(self, n: int) -> None:
        self.n = n
        for slot in SLOTS:
            kind, number = LEAVES[slot.partition("_")[2]], chance(n, slot) % 100
            if n % 2 == 0 or number < 80:
                setattr(self, slot, kind.value(n, slot))
            elif number < 95:
                wrong = [None, kind.wrong_value(n, slot), Failure(slot), Later(1, lambda: None)]
                setattr(self, slot, wrong[number % len(wrong)])


class OddRow(Row):
    """One of another class, which is of the type as well, and fails where a row has a slot."""

    @property
    def maybe_string(self) -> str:
        raise Failure(f"{self.n} has no text")


def label_of(root: strawberry.Parent[Row]) -> str:
    """Name a row and its class, if it is not a seventh one."""
    return labels_of(type(root))(root)


def labels_of(kind: type) -> Callable[[Row], str]:
    """Make what names rows of a class."""

    def label(row: Row) -> Any:
        if row.n % 7 == 0:
            raise Failure(f"{row.n} has no label")
        return row.n if row.n % 11 == 0 else f"{kind.__name__} {row.n}"

    return label


@strawberry.field
async def next_one(root: strawberry.Parent[Row]) -> Annotated[Record, strawberry.lazy(__name__)]:
    """The next row, or sometimes none, which may not be."""
    return Row(root.n + 1) if root.n % 5 else None


def namespace() -> dict[str, Any]:
    """The body of `Record`: what a row has in its slots, and what is resolved."""
    wrapped = {f"{wrapper}_{name}": WRAPPERS[wrapper].format(LEAVES[name].annotation)
               for name in LEAVES for wrapper in WRAPPERS}  # fmt: skip
    return {
        "__module__": __name__,
        "__annotations__": wrapped | {"label": "str | None"},
        "label": strawberry.field(resolver=label_of, metadata=made_by(labels_of)),
        "next_one": next_one,
        "is_type_of": InstanceOf(Row),
    }


Record: Any = strawberry.type(type("Record", (), namespace()))
"""The type that shows rows."""
