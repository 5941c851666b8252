"""What every resolver may reach."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TypeAlias, TypeVar

import strawberry

import domain
from schema.loaders import Loaders

T = TypeVar("T")


class Context:
    """One operation: who asks and from where, their unit of work, and the loaders over it.

    `caller` is whom the request's token stands for, and `work.viewer` for whom the operation
    acts, which signing in and out change. What it `has_written` stays, whatever fails afterwards.
    Loaders read nothing that is `domain.HEAVY` but `heavy`, which is what the operation needs.
    """

    def __init__(
        self, work: domain.UnitOfWork, accounts: domain.Accounts, client: domain.Client
    ) -> None:
        self.caller = work.viewer
        self.work = work
        self.accounts = accounts
        self.client = client
        self.has_written = False
        self.heavy = domain.HEAVY

    @cached_property
    def loaders(self) -> Loaders:
        """The loaders to ask, made when something first does."""
        return Loaders(self.work.reading(self.heavy))

    def signed_in(self) -> domain.SignedIn:
        """Return who asks; raises `NotSignedIn` for the public."""
        return domain.signed_in(self.work.viewer)

    async def transaction(self, write: Callable[[], Awaitable[T]]) -> T:
        """Commit what `write` wrote, or nothing if it raises; see `UnitOfWork` and `changed`."""
        return await self.changed(self.work.transaction(write))

    async def changed(self, change: Awaitable[T]) -> T:
        """Await a change of the store; fields that are read afterwards load anew.

        Raises `NotSignedIn` if the viewer's own account turns out to be gone.
        """
        viewer = self.work.viewer
        try:
            result = await change
        except domain.NotFound as gone:
            if viewer is not None and (gone.kind, gone.id) == ("User", viewer.id):
                raise domain.NotSignedIn from gone
            raise
        else:
            self.has_written = True
            return result
        finally:
            self._load_anew()

    def act_as(self, viewer: domain.Viewer) -> None:
        """Go on with the operation as somebody else."""
        self.work = self.work.seen_by(viewer)
        self._load_anew()

    def _load_anew(self) -> None:
        vars(self).pop("loaders", None)


Info: TypeAlias = strawberry.Info[Context, None]
