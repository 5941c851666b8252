"""What every resolver may reach."""

from __future__ import annotations

from typing import TypeAlias

import strawberry

import domain
from schema.loaders import Loaders


class Context:
    """One operation: its unit of work, and the loaders that batch its reads.

    Needs a running event loop, which the loaders hold on to.
    """

    def __init__(self, work: domain.UnitOfWork) -> None:
        self.work = work
        self.loaders = Loaders(work)


Info: TypeAlias = strawberry.Info[Context, None]
