"""What every resolver may reach."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

import strawberry

import domain
from schema.loaders import Loaders

T = TypeVar("T")


class Context:
    """One operation: who asks and from where, their unit of work, and the loaders over it.

    `caller` is whom the request's token stands for, and `work.viewer` for whom the operation
    acts, which signing in and out change.
    Needs a running event loop, which the loaders hold on to.
    """

    def __init__(
        self, work: domain.UnitOfWork, accounts: domain.Accounts, client: domain.Client
    ) -> None:
        self.caller = work.viewer
        self.work = work
        self.accounts = accounts
        self.client = client
        self.loaders = Loaders(work)

    async def transaction(self, write: Callable[[domain.UnitOfWork], Awaitable[T]]) -> T:
        """Commit what `write` wrote, or nothing if it raises; fields read afterwards load anew.

        It may be run anew, so it reads for itself what it changes. Raises `NotSignedIn`
        if the viewer's own account turns out to be gone.
        """
        work = self.work
        try:
            return await work.transaction(lambda: write(work))
        except domain.NotFound as gone:
            if work.viewer is not None and (gone.kind, gone.id) == ("User", work.viewer.id):
                raise domain.NotSignedIn from gone
            raise
        finally:
            self.loaders = Loaders(work)

    def act_as(self, viewer: domain.Viewer) -> None:
        """Go on with the operation as somebody else."""
        self.work = self.work.seen_by(viewer)
        self.loaders = Loaders(self.work)


Info: TypeAlias = strawberry.Info[Context, None]
