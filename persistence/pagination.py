"""Keyset pagination in SQL: seek past the cursors, never count or skip.

The bounds take the form `a <= x AND (a < x OR id < y)`, which PostgreSQL, MySQL,
MariaDB and SQLite all read as a range of an index on (a, id). What no index holds
in one range is read as several, united and sorted: a part of the list for each
thing that a viewer may see, and of each part the values first and the NULLs last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import ge, gt, le, lt
from types import NoneType
from typing import Any, Generic, TypeAlias, TypeVar, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Table,
    UnaryExpression,
    UniqueConstraint,
    and_,
    asc,
    desc,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

import domain
from persistence.models import Base

Condition: TypeAlias = ColumnElement[bool]
RecordT = TypeVar("RecordT", bound=Base)
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """Records that have a parent, whose key they bear, or a link table for them."""

    parent: type[Base]
    key: SQLColumnExpression[int]
    link: tuple[Table, Condition] | None = None

    def of(self, statement: Select[*Columns]) -> Select[*Columns]:
        """Join the link table, if there is one, to a statement over the records."""
        return statement if self.link is None else statement.join(*self.link)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a list's records, each in one part only; `has_nulls` if some may lack a value.

    Where each part is the range of an index, so is the list: an OR of their conditions is not.
    `same` names the columns that are the same in all of it, and begin its indexes.
    """

    condition: Condition = field(default_factory=true)
    has_nulls: bool = False
    same: tuple[str, ...] = ()


@cache
def is_unique(record: type[Base], column: str) -> bool:
    """Tell whether a column orders its table alone; MariaDB's index on it then serves the order."""
    constraints = record.metadata.tables[record.__tablename__].constraints
    return any(
        isinstance(each, UniqueConstraint) and [*each.columns.keys()] == [column]
        for each in constraints
    )


@cache
def index_on(record: type[Base], *columns: str) -> str | None:
    """Name the index on these columns."""
    indexes = record.metadata.tables[record.__tablename__].indexes
    return next((each.name for each in indexes if (*each.columns.keys(),) == columns), None)


class Keyset(Generic[RecordT]):
    """One page request, as SQL over the parts of a list of records."""

    def __init__(
        self, record: type[RecordT], parts: Sequence[Part], request: domain.PageRequest[Any]
    ) -> None:
        self._record = record
        self._parts = parts
        self._request = request
        self._is_nullable = NoneType in request.order.field.types
        self._has_nulls = self._is_nullable and any(part.has_nulls for part in parts)

    def page(self, *where: Condition) -> Select[RecordT]:
        """Select one page of the records that meet the conditions."""
        return self._top(select(self._record).where(*where), seeks=self._request.has_cursor)

    def pages(
        self, children: Children, parents: Collection[int], *where: Condition, lateral: bool
    ) -> Select[RecordT, int]:
        """Select the same page for each parent, with the parent's key beside each record.

        LATERAL stops each parent's reading at the end of its page, on PostgreSQL
        always and on MySQL where it finds no reason to sort. Where there is none,
        ROW_NUMBER() reads and sorts every child of these parents.
        """
        if lateral:
            return self._each(children, parents, *where)
        return self._ranked(children, children.key.in_(parents), *where)

    def _each(
        self, children: Children, parents: Collection[int], *where: Condition
    ) -> Select[RecordT, int]:
        parent = children.parent
        of_parent = children.of(select(self._record)).where(children.key == parent.id, *where)
        page = self._top(of_parent.correlate(parent)).lateral()
        record = aliased(self._record, page)
        return (
            select(record, parent.id)
            .join(page, true())
            .where(parent.id.in_(parents))
            .order_by(*self._order_by(record))
        )

    def _ranked(self, children: Children, *where: Condition) -> Select[RecordT, int]:
        """Rank by key alone, which an index holds: whole records would be sorted, texts and all."""
        record, key = self._record, children.key
        rank = func.row_number().over(partition_by=key, order_by=self._order_by(record))
        ranked = (
            children.of(select(record.id, key.label("parent_key"), rank.label("rank")))
            .where(*where, or_(*(and_(true(), *bounds) for _, bounds in self._ranges())))
            .subquery()
        )
        offset, limit = self._request.offset, self._request.limit
        return (
            select(record, ranked.c.parent_key)
            .join(ranked, ranked.c.id == record.id)
            .where(ranked.c.rank > offset, ranked.c.rank <= offset + limit)
            .order_by(ranked.c.rank)
        )

    def _top(self, base: Select[RecordT], *, seeks: bool = False) -> Select[RecordT]:
        """Read the page off the ranges of what `base` selects."""
        offset, limit = self._request.offset, self._request.limit
        ordering = self._order_by(self._record, within_range=True)
        ranges = [
            (self._seek(part, base) if seeks else base).where(*bounds).order_by(*ordering)
            for part, bounds in self._ranges()
        ]
        if len(ranges) == 1:
            page = ranges[0]
        else:
            tops = [select(each.limit(offset + limit).subquery()) for each in ranges]
            record = aliased(self._record, union_all(*tops).subquery())
            page = select(record).order_by(*self._order_by(record))
        return page.limit(limit).offset(offset or None)

    def _seek(self, part: Part, base: Select[RecordT]) -> Select[RecordT]:
        """Have MariaDB enter the part's index at the cursor.

        Behind an equality it (10.11) would enter at the first entry, and walk to the cursor.
        """
        index = index_on(self._record, *part.same, self._request.order.field.value, "id")
        if not part.same or index is None:
            return base
        hint = f"FORCE INDEX ({index})"
        return base.with_hint(self._record, hint, "mariadb").with_hint(self._record, hint, "mysql")

    def _order_by(
        self, record: type[RecordT], *, within_range: bool = False
    ) -> list[UnaryExpression[Any]]:
        """Order as the page is read: a page read backward comes last item first."""
        order, backward = self._request.order, self._request.backward
        column = getattr(record, order.field.value)
        turn = desc if order.descending is not backward else asc
        ordering = [turn(column)]
        if not is_unique(self._record, order.field.value):
            ordering.append(turn(record.id))
        if self._has_nulls and not within_range:
            nulls_last = column.is_(None)
            ordering.insert(0, desc(nulls_last) if backward else asc(nulls_last))
        return ordering

    def _ranges(self) -> list[tuple[Part, list[Condition]]]:
        """Bound the stretches of an index that hold the page: values and NULLs of every part."""
        ranges = []
        for part in self._parts:
            ranges.append((part, self._range(part, nulls=False)))
            if part.has_nulls and self._is_nullable:
                ranges.append((part, self._range(part, nulls=True)))
        held = [(part, bounds) for part, bounds in ranges if bounds is not None]
        return held or [(Part(), [false()])]

    def _range(self, part: Part, *, nulls: bool) -> list[Condition] | None:
        """Bound one stretch by the cursors within it; None if a cursor leaves nothing of it."""
        column = getattr(self._record, self._request.order.field.value)
        bounds = [part.condition]
        if part.has_nulls and self._is_nullable:
            bounds.append(column.is_(None) if nulls else column.is_not(None))
        for cursor, is_after in ((self._request.after, True), (self._request.before, False)):
            if cursor is None:
                continue
            if (cursor.value is None) is nulls:
                bounds.extend(self._beyond(column, cursor, is_after=is_after))
            elif is_after is not nulls:
                return None
        return bounds

    def _beyond(
        self, column: InstrumentedAttribute[Any], cursor: domain.Cursor, *, is_after: bool
    ) -> Iterator[Condition]:
        """Give the WHERE clauses for one side of a cursor: an index range on every database."""
        upward = is_after is not self._request.order.descending
        past, to = (gt, ge) if upward else (lt, le)
        past_key = (to if self._request.inclusive else past)(self._record.id, cursor.id)
        if cursor.value is None:
            yield past_key
        else:
            yield to(column, cursor.value)
            yield past(column, cursor.value) | past_key
