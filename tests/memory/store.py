"""A store that is gone with the test."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from typing import Self, TypeVar

import domain
from persistence.lanes import Usage
from tests.memory.comments import MemoryCommentRepository
from tests.memory.posts import MemoryPostRepository
from tests.memory.session import Kept, MemorySession
from tests.memory.sessions import MemorySessionRepository
from tests.memory.tables import Tables
from tests.memory.tags import MemoryTagRepository
from tests.memory.users import MemoryUserRepository

T = TypeVar("T")


class MemoryUnitOfWork:
    """`domain.UnitOfWork` over one request's session."""

    def __init__(
        self,
        session: MemorySession,
        viewer: domain.Viewer,
        heavy: frozenset[str] = domain.HEAVY,
    ) -> None:
        self._session = session
        self._heavy = heavy
        self.viewer = viewer
        self.usage = Usage()  # there are no statements
        self.users = MemoryUserRepository(session, viewer, heavy)
        self.sessions = MemorySessionRepository(session)
        self.posts = MemoryPostRepository(session, viewer, heavy)
        self.comments = MemoryCommentRepository(session, viewer, heavy)
        self.tags = MemoryTagRepository(session, viewer, heavy)

    def seen_by(self, viewer: domain.Viewer) -> Self:
        return type(self)(self._session, viewer, self._heavy)

    def reading(self, heavy: frozenset[str]) -> Self:
        return type(self)(self._session, self.viewer, heavy)

    async def transaction(self, write: Callable[[], Awaitable[T]]) -> T:
        return await self._session.transaction(write)

    def read_latest(self) -> None:
        """There are no copies."""

    async def release(self) -> None:
        """Hold nothing, as ever."""


class MemoryStore:
    """Everything that was written, for the life of a test."""

    def __init__(self) -> None:
        self._kept = Kept()

    @asynccontextmanager
    async def unit_of_work(
        self, viewer: domain.Viewer = None, *, usage: Usage | None = None
    ) -> AsyncGenerator[MemoryUnitOfWork]:
        """Open a session for a viewer; there is nothing to count."""
        yield MemoryUnitOfWork(MemorySession(self._kept), viewer)

    def forget_everything(self) -> None:
        """Keep nothing any more."""
        self._kept.tables = Tables()

    def keep(
        self,
        *entities: Sequence[domain.User | domain.Tag | domain.Post | domain.Comment],
        links: Sequence[tuple[domain.PostId, domain.TagId]],
    ) -> None:
        """Keep entities that have keys already."""
        for entity in chain(*entities):
            self._kept.tables.put(entity)
        self._kept.tables.links |= {*links}
