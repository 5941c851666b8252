"""Keyset pagination in SQL: seek past the cursors, never count or skip.

The bounds take the form `a <= x AND (a < x OR id < y)`, which PostgreSQL, MySQL,
MariaDB and SQLite all read as a range of an index on (a, id). What no index holds
in one range is read as several, united and sorted: a part of the list for each
thing that a viewer may see, and of each part the values first and the NULLs last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import ge, gt, le, lt
from types import NoneType
from typing import Any

from sqlalchemy import (
    SQLColumnExpression,
    UnaryExpression,
    and_,
    asc,
    desc,
    false,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

import domain
from persistence.lists import Condition, Part, Rows, Source, is_unique


class Keyset:
    """One page request, as SQL over the parts of a list."""

    def __init__(
        self, source: Source, parts: Sequence[Part], request: domain.PageRequest[Any]
    ) -> None:
        self.source = source
        self.request = request
        self._parts = parts
        self._is_nullable = NoneType in request.order.field.types
        self._has_nulls = self._is_nullable and any(part.has_nulls for part in parts)

    @property
    def field(self) -> str:
        """Name the column that the list is ordered by."""
        name: str = self.request.order.field.value
        return name

    def page(self, *where: Condition) -> Rows:
        """Select one page of the records that meet the conditions."""
        record = self.source.record
        if self.source.link is None:
            return self.top(select(record).where(*where), seeks=self.request.has_cursor)
        page = self.top_keys(*where, seeks=self.request.has_cursor).subquery()
        records = select(record).join(page, page.c.id == record.id)
        return records.order_by(*self.order_by(page.c.value, page.c.id))

    def top_keys(
        self,
        *where: Condition,
        seeks: bool = False,
        below: SQLColumnExpression[int] | None = None,
    ) -> Rows:
        """Select the keys of one page, and the values they are ordered by."""
        return self.top(self.source.select(self.field).where(*where), seeks=seeks, below=below)

    def top(
        self,
        base: Rows,
        *,
        seeks: bool = False,
        below: SQLColumnExpression[int] | None = None,
    ) -> Rows:
        """Read the page off the ranges of what `base` selects.

        All of it is `below` one parent: to order by that first changes nothing, and
        without it MySQL does not see that an index has the children in order.
        """
        offset, limit = self.request.offset, self.request.limit
        ordering = self.order_by(self.source[self.field], self.source["id"], within_range=True)
        if below is not None:
            ordering.insert(0, self._turned(below))
        ranges = [
            (self._seek(part, base) if seeks else base).where(*bounds).order_by(*ordering)
            for part, bounds in self._ranges()
        ]
        page = ranges[0] if len(ranges) == 1 else self._united(ranges)
        return page.limit(limit).offset(offset or None)

    def bounds(self) -> Condition:
        """Keep to what is in the list, between the cursors."""
        return or_(*(and_(*bounds) for _, bounds in self._ranges()))

    def order_by(
        self,
        value: SQLColumnExpression[Any],
        key: SQLColumnExpression[int],
        *,
        within_range: bool = False,
    ) -> list[UnaryExpression[Any]]:
        """Order as the page is read: a page read backward comes last item first."""
        ordering = [self._turned(value)]
        if not is_unique(self.source.record, self.field):
            ordering.append(self._turned(key))
        if self._has_nulls and not within_range:
            nulls_last = value.is_(None)
            ordering.insert(0, desc(nulls_last) if self.request.backward else asc(nulls_last))
        return ordering

    def _turned(self, column: SQLColumnExpression[Any]) -> UnaryExpression[Any]:
        is_descending = self.request.order.descending is not self.request.backward
        return column.desc() if is_descending else column.asc()

    def _united(self, ranges: Sequence[Rows]) -> Rows:
        """Sort the tops of several ranges together."""
        most = self.request.offset + self.request.limit
        united = union_all(*(select(each.limit(most).subquery()) for each in ranges)).subquery()
        if "value" in united.c:
            return select(united).order_by(*self.order_by(united.c.value, united.c.id))
        record = aliased(self.source.record, united)
        return select(record).order_by(*self.order_by(getattr(record, self.field), record.id))

    def _seek(self, part: Part, base: Rows) -> Rows:
        """Have MariaDB enter the part's index at the cursor.

        Behind an equality it (10.11) would enter at the first entry, and walk to the cursor.
        """
        index = self.source.index_on(*part.same, self.field, "id")
        if not part.same or index is None:
            return base
        table, hint = self.source.table, f"FORCE INDEX ({index})"
        return base.with_hint(table, hint, "mariadb").with_hint(table, hint, "mysql")

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
        column = self.source[self.field]
        bounds = [part.condition]
        if part.has_nulls and self._is_nullable:
            bounds.append(column.is_(None) if nulls else column.is_not(None))
        for cursor, is_after in ((self.request.after, True), (self.request.before, False)):
            if cursor is None:
                continue
            if (cursor.value is None) is nulls:
                bounds.extend(self._beyond(column, cursor, is_after=is_after))
            elif is_after is not nulls:
                return None
        return bounds

    def _beyond(
        self, column: SQLColumnExpression[Any], cursor: domain.Cursor, *, is_after: bool
    ) -> Iterator[Condition]:
        """Give the WHERE clauses for one side of a cursor: an index range on every database."""
        upward = is_after is not self.request.order.descending
        past, to = (gt, ge) if upward else (lt, le)
        past_key = (to if self.request.inclusive else past)(self.source["id"], cursor.id)
        if cursor.value is None:
            yield past_key
        else:
            yield to(column, cursor.value)
            yield past(column, cursor.value) | past_key
