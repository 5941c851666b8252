"""What every repository does alike; the contracts are written on the domain's protocols."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import delete, false, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

import domain
from persistence import failures
from persistence.lists import Children, Condition, Part, Source
from persistence.models import Base
from persistence.nesting import nesting_on
from persistence.pagination import Keyset
from persistence.session import RequestSession

IdT = TypeVar("IdT", bound=int)
EntityT = TypeVar("EntityT", bound=domain.Listed)


class SqlRepository(Generic[IdT, EntityT]):
    """Entities of one kind over a request's session, as far as its viewer may see them.

    A repository names its record, and overrides what narrows its reads.
    """

    kind: ClassVar[str]
    record: ClassVar[type[Base]]

    def __init__(self, session: RequestSession, viewer: domain.Viewer) -> None:
        self._session = session
        self._viewer = viewer

    async def get(self, id: IdT) -> EntityT:
        entity = await self.find(id)
        if entity is None:
            raise domain.NotFound(self.kind, id)
        return entity

    async def get_for_update(self, id: IdT) -> EntityT:
        statement = (
            select(self.record)
            .where(self.record.id == id, self._visible())
            .with_for_update(key_share=True)  # on PostgreSQL, children may be added meanwhile
        )
        for (record,) in await self._session.rows(statement, to_write=True):
            entity: EntityT = record.to_entity()
            return entity
        raise domain.NotFound(self.kind, id)

    async def find(self, id: IdT) -> EntityT | None:
        return (await self.get_many([id])).get(id)

    async def get_many(self, ids: Collection[IdT]) -> Mapping[IdT, EntityT]:
        return await self._get_many_by(self.record.id, ids)

    async def page(self, request: domain.PageRequest[Any]) -> domain.Page[EntityT]:
        source = self._source(request.filter)
        bounded = self._bounded(request.filter)
        keyset = Keyset(source, self._parts(source, request.filter), request, bounded)
        statement = keyset.page(*self._matching(source, request.filter))
        found = [record.to_entity() for (record,) in await self._session.rows(statement)]
        return domain.Page.cut(found, request)

    async def count(self, filter: Any) -> int:
        source = self._source(filter)
        statement = select(func.count()).select_from(source.counted())
        visible = any_of(source, self._parts(source, filter))
        statement = statement.where(visible, *self._matching(source, filter))
        ((count,),) = await self._session.rows(statement)
        return count

    async def delete(self, id: IdT) -> None:
        if not await self._session.change(delete(self.record).where(self.record.id == id)):
            raise domain.NotFound(self.kind, id)

    # What narrows the reads of one kind of entity.

    def _source(self, filter: Any = None) -> Source:
        """Tell where to look for what the filter asks for."""
        return Source(self.record)

    def _parts(self, source: Source, filter: Any = None) -> Sequence[Part]:
        """Part what the viewer may see of it, without what the filter leaves nothing of."""
        return [Part()]

    def _bounded(self, filter: Any) -> domain.OrderField | None:
        """Name the field whose values the filter bounds, if it does."""
        return None

    def _matching(self, source: Source, filter: Any) -> Iterable[Condition]:
        """Keep to what the filter asks for."""
        return ()

    # What the repositories of several kinds are made from.

    async def _get_many_by(
        self, column: InstrumentedAttribute[Any], values: Collection[Any]
    ) -> dict[Any, EntityT]:
        """Read those with one of these values in a unique column, keyed by the value."""
        statement = select(self.record).where(column.in_(values), self._visible())
        rows = await self._session.rows(statement)
        return {getattr(record, column.key): record.to_entity() for (record,) in rows}

    async def _pages(
        self,
        children: Children,
        parents: Collection[Any],
        request: domain.PageRequest[Any],
        source: Source | None = None,
        *where: Condition,
    ) -> dict[Any, domain.Page[EntityT]]:
        source = source or self._source(request.filter)
        parts = self._parts_of(children, source, request.filter)
        pages = nesting_on(await self._session.dialect(), parents)
        keyset = Keyset(source, parts, request)
        matching = self._matching(source, request.filter)
        statement = pages(keyset, children, parents, *where, *matching)
        found = defaultdict[int, list[EntityT]](list)
        for record, parent in await self._session.rows(statement):
            found[parent].append(record.to_entity())
        return {parent: domain.Page.cut(items, request) for parent, items in found.items()}

    async def _counts(
        self,
        children: Children,
        parents: Collection[Any],
        filter: Any,
        source: Source | None = None,
        *where: Condition,
    ) -> dict[Any, int]:
        source = source or self._source(filter)
        key = source[children.key]
        visible = any_of(source, self._parts_of(children, source, filter))
        statement = (
            select(key, func.count())
            .select_from(source.counted())
            .where(children.within(key, parents), visible, *where)
            .where(*self._matching(source, filter))
            .group_by(key)
        )
        return {row[0]: row[1] for row in await self._session.rows(statement)}

    async def _create(
        self, values: Mapping[str, Any], *parents: tuple[type[Base], domain.NotFound]
    ) -> EntityT:
        """Write a new row; raises `AlreadyTaken`, or the `NotFound` of a parent that is missing."""
        try:
            record = await self._session.add(self.record(**values))
        except IntegrityError as error:
            if failures.is_missing_parent(error):
                await self._check(parents)
            raise self._taken(error) from error
        entity: EntityT = record.to_entity()
        return entity

    async def _check(self, parents: Iterable[tuple[type[Base], domain.NotFound]]) -> None:
        """Raise the first error whose record there is not; SQLite does not name the constraint."""
        for record, missing in parents:
            if not await self._session.rows(select(record.id).where(record.id == missing.id)):
                raise missing

    async def _replace(self, entity: Any) -> None:
        """Write all of an entity's fields; raises `NotFound`, or `AlreadyTaken`."""
        if not await self._update(entity):
            raise domain.NotFound(self.kind, entity.id)

    async def _update(self, entity: Any, *where: Condition) -> bool:
        """Write all of an entity's fields; False if none has its key and meets the conditions."""
        values = asdict(entity)
        statement = update(self.record).where(self.record.id == values.pop("id"), *where)
        try:
            return bool(await self._session.change(statement.values(values), may_break=True))
        except IntegrityError as error:
            raise self._taken(error) from error

    def _visible(self) -> Condition:
        source = Source(self.record)
        return any_of(source, self._parts(source))

    def _parts_of(self, children: Children, source: Source, filter: Any) -> Sequence[Part]:
        return self._parts(source, filter) if children.seen_with is None else [Part()]

    def _taken(self, error: IntegrityError) -> Exception:
        """Turn a broken unique constraint into the field that is taken; the index decides races."""
        constraint = failures.violated_unique(error)
        prefix = f"uq_{self.record.__tablename__}_"
        if constraint is None or not constraint.startswith(prefix):
            return error
        return domain.AlreadyTaken(constraint.removeprefix(prefix))


def any_of(source: Source, parts: Iterable[Part]) -> Condition:
    """Keep to what is in one of the parts."""
    return or_(false(), *(part.within(source) for part in parts))
