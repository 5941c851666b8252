"""How every repository reads; the contracts are written on the domain's protocols."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeAlias, TypeVar

from sqlalchemy import (
    ClauseElement,
    Dialect,
    Table,
    bindparam,
    false,
    func,
    or_,
    select,
)

import domain
from persistence import shapes
from persistence.entities import NOTHING_HEAVY, Heavy, attributes_read
from persistence.lists import Children, Condition, Part, Rows, Source
from persistence.models import Base
from persistence.nesting import nesting_on
from persistence.pagination import Keyset
from persistence.session import RequestSession
from persistence.shapes import Keys, Shape, Window
from persistence.statements import Query

IdT = TypeVar("IdT", bound=int)
EntityT = TypeVar("EntityT", bound=domain.Listed)


class Parameters(NamedTuple):
    """What a statement is built with, where its values will be."""

    keys: Keys
    filter: Any
    dialect: Dialect


class ListBelow(NamedTuple):
    """The lists that records have: of what children, where they are looked for, and which."""

    children: Children
    source: Source
    filter: Any
    where: Sequence[Condition] = ()


Below: TypeAlias = Callable[[Any, Any], ListBelow]
"""Tells by a repository and a filter what lists to read."""


class SqlReader(Generic[IdT, EntityT]):
    """Entities of one kind over a request's session, as far as its viewer may see them.

    A repository names its record and its entity, and overrides what narrows its reads. A statement
    is built by one whose viewer is a parameter, and which is called `own` there.
    """

    kind: ClassVar[str]
    record: ClassVar[type[Base]]
    entity: ClassVar[type]

    def __init__(
        self, session: RequestSession, viewer: domain.Viewer, heavy: Heavy = domain.HEAVY
    ) -> None:
        self._session = session
        self._viewer = viewer
        self._heavy = heavy

    async def get(self, id: IdT) -> EntityT:
        entity = await self.find(id)
        if entity is None:
            raise domain.NotFound(self.kind, id)
        return entity

    async def get_for_update(self, id: IdT) -> EntityT:
        if self._heavy is not domain.HEAVY:
            return await self._reading(domain.HEAVY).get_for_update(id)

        def build(own: SqlReader[Any, Any], _: Parameters) -> ClauseElement:
            return (
                own._select()
                .where(own.record.id == bindparam("id"), own._visible())
                .with_for_update(key_share=True)  # on PostgreSQL, children may be added meanwhile
            )

        found = await self._session.rows(self._query(("lock",), build, {"id": id}), to_write=True)
        for row in found.rows:
            entity: EntityT = found.make(row)
            return entity
        raise domain.NotFound(self.kind, id)

    async def find(self, id: IdT) -> EntityT | None:
        return (await self.get_many([id])).get(id)

    def get_many(self, ids: Collection[IdT]) -> Coroutine[Any, Any, Mapping[IdT, EntityT]]:
        return self._get_many_by("id", ids)

    async def page(self, request: domain.PageRequest[Any]) -> domain.Page[EntityT]:
        if self._heavy and not request.size:  # then nothing of what is read will be looked at
            return await self._reading(NOTHING_HEAVY).page(request)

        def build(own: SqlReader[Any, Any], given: Parameters) -> ClauseElement:
            source, bounded = own._source(given.filter), own._bounded(given.filter)
            parts = own._parts(source, given.filter)
            keyset = Keyset(source, parts, Window.of(request), bounded)
            return keyset.page(own._attributes, *own._matching(source, given.filter))

        shape = ("page", *shapes.request_shape(request))
        values = shapes.request_values(request)
        found = await self._session.rows(self._query(shape, build, values, request.filter))
        return domain.Page.cut([*map(found.make, found.rows)], request)

    async def count(self, filter: Any) -> int:
        def build(own: SqlReader[Any, Any], given: Parameters) -> ClauseElement:
            source = own._source(given.filter)
            visible = any_of(source, own._parts(source, given.filter))
            count = select(func.count()).select_from(source.counted())
            return count.where(visible, *own._matching(source, given.filter))

        query = self._query(("count",), build, {}, filter, entity=None)
        ((count,),) = (await self._session.rows(query)).rows
        return int(count)

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

    def _query(
        self,
        shape: Shape,
        build: Callable[[Any, Parameters], ClauseElement],
        values: dict[str, Any],
        filter: Any = None,
        *,
        entity: type | None = object,
    ) -> Query:
        """Ask for what `build` selects, as this viewer; rows become entities unless told not to."""
        viewer, attributes = self._viewer, self._attributes
        own_key, role = (None, None) if viewer is None else (viewer.id, viewer.role)

        def build_own(dialect: Dialect) -> ClauseElement:
            parameter = shapes.viewer_of_parameters(viewer)
            own = type(self)(self._session, parameter, self._heavy)
            given = shapes.filter_of_parameters(filter, own_key, parameter)
            return build(own, Parameters(self._keys, given, dialect))

        return Query(
            (type(self), attributes, role, *shape, shapes.filter_shape(filter, own_key)),
            build_own,
            {**values, **self._values(filter), "viewer_id": own_key},
            self.entity if entity is object else entity,
            attributes,
        )

    def _values(self, filter: Any) -> Mapping[str, Any]:
        return shapes.filter_values(filter)

    @property
    def _keys(self) -> Keys:
        return shapes.ARRAY_OF_KEYS if self._session.has_arrays else shapes.LIST_OF_KEYS

    @property
    def _attributes(self) -> Sequence[str]:
        """Name what is read of each entity."""
        return attributes_read(self.entity, self._heavy)

    def _reading(self, heavy: Heavy) -> Self:
        """Read this instead of what is heavy."""
        return type(self)(self._session, self._viewer, heavy)

    @property
    def _table(self) -> Table:
        return self.record.metadata.tables[self.record.__tablename__]

    def _select(self) -> Rows:
        table = self._table
        return select(*(table.c[name] for name in self._attributes))

    async def _get_many_by(self, name: str, values: Collection[Any]) -> dict[Any, EntityT]:
        """Read those with one of these values in a unique column, keyed by the value."""
        if not values:
            return {}

        def build(own: SqlReader[Any, Any], given: Parameters) -> ClauseElement:
            return own._select().where(given.keys.among(getattr(own.record, name)), own._visible())

        keys = self._keys.values(values)
        query = self._query(("many", name, self._keys.shape(keys)), build, {"keys": keys})
        found = await self._session.rows(query)
        return {getattr(entity, name): entity for entity in map(found.make, found.rows)}

    async def _pages(
        self, below: Below, parents: Collection[Any], request: domain.PageRequest[Any]
    ) -> dict[Any, domain.Page[EntityT]]:
        if not parents:
            return {}
        if self._heavy and not request.size:
            bare = self._reading(NOTHING_HEAVY)
            return await bare._pages(below, parents, request)  # noqa: SLF001 (it is one of us)

        def build(own: SqlReader[Any, Any], given: Parameters) -> ClauseElement:
            list_ = below(own, given.filter)
            parts = own._parts_of(list_)
            keyset = Keyset(list_.source, parts, Window.of(request))
            matching = own._matching(list_.source, list_.filter)
            pages = nesting_on(given.dialect, of_one=len(parents) == 1)
            return pages(
                keyset, own._attributes, list_.children, given.keys, *list_.where, *matching
            )

        keys = self._keys.values(parents)
        values = shapes.request_values(request) | {"keys": keys, "parent": keys[0]}
        is_one = len(parents) == 1
        shape = ("pages", below, is_one, self._keys.shape(keys), *shapes.request_shape(request))
        rows, make = await self._session.rows(self._query(shape, build, values, request.filter))
        found = defaultdict[Any, list[EntityT]](list)
        for row in rows:
            found[row[-1]].append(make(row))
        return {parent: domain.Page.cut(items, request) for parent, items in found.items()}

    async def _counts(self, below: Below, parents: Collection[Any], filter: Any) -> dict[Any, int]:
        if not parents:
            return {}

        def build(own: SqlReader[Any, Any], given: Parameters) -> ClauseElement:
            list_ = below(own, given.filter)
            source, children = list_.source, list_.children
            key, visible = source[children.key], any_of(source, own._parts_of(list_))
            return (
                select(key, func.count())
                .select_from(source.counted())
                .where(children.within(key, given.keys), visible, *list_.where)
                .where(*own._matching(source, list_.filter))
                .group_by(key)
            )

        keys = self._keys.values(parents)
        shape = ("counts", below, self._keys.shape(keys))
        query = self._query(shape, build, {"keys": keys}, filter, entity=None)
        return {row[0]: row[1] for row in (await self._session.rows(query)).rows}

    def _visible(self) -> Condition:
        source = Source(self.record)
        return any_of(source, self._parts(source))

    def _parts_of(self, list_: ListBelow) -> Sequence[Part]:
        if list_.children.seen_with is not None:
            return [Part()]
        return self._parts(list_.source, list_.filter)


def any_of(source: Source, parts: Iterable[Part]) -> Condition:
    """Keep to what is in one of the parts."""
    return or_(false(), *(part.within(source) for part in parts))
