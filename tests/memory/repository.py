"""What every repository does alike; the contracts are written on the domain's protocols."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from typing import Any, ClassVar, Generic, TypeVar

import domain
from tests.memory.pagination import by_parent, page_of
from tests.memory.session import MemorySession
from tests.memory.tables import Tables

IdT = TypeVar("IdT", bound=int)
EntityT = TypeVar("EntityT", bound=domain.Listed)
KeyT = TypeVar("KeyT")


class MemoryRepository(Generic[IdT, EntityT]):
    """Entities of one kind, as far as the viewer may see them."""

    kind: ClassVar[str]

    def __init__(
        self,
        session: MemorySession,
        viewer: domain.Viewer,
        heavy: frozenset[str] = domain.HEAVY,
    ) -> None:
        self._session = session
        self._viewer = viewer
        self._heavy = heavy

    @property
    def _tables(self) -> Tables:
        return self._session.tables

    def _rows(self, tables: Tables) -> dict[IdT, EntityT]:
        """Find the table of this kind."""
        raise NotImplementedError

    def _sees(self, entity: EntityT) -> bool:
        """Tell whether there is such an entity for the viewer."""
        return True

    def _matches(self, entity: EntityT, filter: Any) -> bool:
        """Tell whether a filter keeps an entity."""
        return True

    async def get(self, id: IdT) -> EntityT:
        entity = await self.find(id)
        if entity is None:
            raise domain.NotFound(self.kind, id)
        return entity

    async def get_for_update(self, id: IdT) -> EntityT:
        self._session.writable  # noqa: B018 (raises where nothing can be changed)
        return await type(self)(self._session, self._viewer).get(id)

    async def find(self, id: IdT) -> EntityT | None:
        return (await self.get_many([id])).get(id)

    async def get_many(self, ids: Collection[IdT]) -> Mapping[IdT, EntityT]:
        return {key: self._read(each) for key, each in self._seen().items() if key in ids}

    async def page(self, request: domain.PageRequest[Any]) -> domain.Page[EntityT]:
        return self._read_page(page_of(self._listed(request.filter), request))

    async def count(self, filter: Any) -> int:
        return len(self._listed(filter))

    async def delete(self, id: IdT) -> None:
        if id not in self._rows(self._session.writable):
            raise domain.NotFound(self.kind, id)
        self._forget(id)

    def _forget(self, id: IdT) -> None:
        """Delete what there is, with what belongs to it."""
        del self._rows(self._session.writable)[id]

    def _seen(self) -> dict[IdT, EntityT]:
        rows = self._rows(self._tables)
        return {key: entity for key, entity in rows.items() if self._sees(entity)}

    def _read(self, entity: EntityT) -> EntityT:
        return without(domain.HEAVY - self._heavy, entity)

    def _read_page(self, page: domain.Page[EntityT]) -> domain.Page[EntityT]:
        return domain.Page([*map(self._read, page.items)], page.more)

    def _listed(self, filter: Any) -> list[EntityT]:
        return [entity for entity in self._seen().values() if self._matches(entity, filter)]

    def _pages(
        self,
        parents: Collection[KeyT],
        parents_of: Callable[[EntityT], Collection[KeyT]],
        request: domain.PageRequest[Any],
    ) -> Mapping[KeyT, domain.Page[EntityT]]:
        children = by_parent(self._listed(request.filter), parents, parents_of)
        return {key: self._read_page(page_of(items, request)) for key, items in children.items()}

    def _counts(
        self,
        parents: Collection[KeyT],
        parents_of: Callable[[EntityT], Collection[KeyT]],
        filter: Any,
    ) -> Mapping[KeyT, int]:
        children = by_parent(self._listed(filter), parents, parents_of)
        return {key: len(items) for key, items in children.items()}


def sees(viewer: domain.Viewer, post: domain.Post) -> bool:
    """Tell whether a post is in a scope that a viewer may see."""
    return any(
        post.status is scope.status and scope.author_id in {None, post.author_id}
        for scope in domain.visible_posts(viewer)
    )


def without(left_out: Collection[str], entity: EntityT) -> EntityT:
    """Leave attributes out of an entity, as a database does that was not asked for them."""
    kind = type(entity)
    names: list[str] = [each.name for each in fields(kind)]  # type: ignore[arg-type]  # all are
    missing = [name for name in names if f"{kind.__name__}.{name}" in left_out]
    if not missing:
        return entity
    bare = object.__new__(kind)
    for name in names:
        if name not in missing:
            object.__setattr__(bare, name, getattr(entity, name))
    return bare
