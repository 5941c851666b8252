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
from typing import Any, NamedTuple

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

import domain
from persistence.lists import Children, Condition, Part, Rows, Source, is_unique
from persistence.nulls import AlwaysNull
from persistence.shapes import Position, Window


class Stretch(NamedTuple):
    """What the page may hold of a part: some of its values, or some of its NULLs."""

    part: Part
    bounds: Sequence[Condition]
    nulls: bool


class Keyset:
    """One page request, as SQL over the parts of a list."""

    def __init__(
        self,
        source: Source,
        parts: Sequence[Part],
        window: Window,
        bounded: domain.OrderField | None = None,
    ) -> None:
        """Take in what `bounded` names as well: the field that the request's filter bounds."""
        self.source = source
        self.window = window
        self._parts = parts
        self._is_range = bounded in {None, window.order.field}
        self._is_nullable = NoneType in window.order.field.types
        self._has_nulls = self._is_nullable and any(part.has_nulls for part in parts)

    @property
    def field(self) -> str:
        """Name the column that the list is ordered by."""
        name: str = self.window.order.field.value
        return name

    def page(self, columns: Sequence[str], *where: Condition) -> Rows:
        """Select these columns of one page of the records that meet the conditions.

        Behind them may be another, which the page is sorted by.
        """
        table = self.source.record.__table__
        selected: Rows = select(*(table.c[name] for name in columns))
        if self.source.link is None:
            if self.field not in columns:
                selected = selected.add_columns(table.c[self.field].label("value"))
            return self.top(selected, *where, seeks=())
        keys = self.source.select(self.field)
        page = self.top(keys, *where, seeks=()).subquery()
        records = selected.join(page, page.c.id == table.c.id)
        return records.order_by(*self.order_by(page.c.value, page.c.id))

    def top(
        self,
        base: Rows,
        *where: Condition,
        seeks: tuple[str, ...] | None = None,
        children: Children | None = None,
    ) -> Rows:
        """Read the page off the ranges of what `base` selects and the conditions keep.

        Cursors come before the conditions: of two bounds on one side SQLite takes the first.
        What is the range of one index `seeks` it, with the columns that the conditions keep
        the same in front.

        If they are some parent's `children`, it is ordered by that parent first: that changes
        nothing, but shows MySQL that an index has them in order.
        """
        parents = [] if children is None else [self._turned(self.source[children.key])]
        ranges = [
            self._seek(base, each.part, seeks)
            .where(*each.bounds, *where)
            .order_by(*parents, *self._order_within(each))
            for each in self._ranges(children)
        ]
        page = ranges[0] if len(ranges) == 1 else self._united(ranges)
        return page.limit(self.window.limit).offset(self.window.offset)

    def bounds(self) -> Condition:
        """Keep to what is in the list, between the cursors."""
        return or_(*(and_(*each.bounds) for each in self._ranges()))

    def order_by(
        self, value: SQLColumnExpression[Any], key: SQLColumnExpression[int]
    ) -> list[UnaryExpression[Any]]:
        """Order as the page is read: a page read backward comes last item first."""
        ordering = self._order_by(value, key)
        if self._has_nulls:
            nulls_last = value.is_(None)
            ordering.insert(0, desc(nulls_last) if self.window.backward else asc(nulls_last))
        return ordering

    def _order_within(self, stretch: Stretch) -> list[UnaryExpression[Any]]:
        value = self.source[self.field]
        return self._order_by(AlwaysNull(value) if stretch.nulls else value, self.source["id"])

    def _order_by(
        self, value: SQLColumnExpression[Any], key: SQLColumnExpression[int]
    ) -> list[UnaryExpression[Any]]:
        ordering = [self._turned(value)]
        if not is_unique(self.source.record, self.field):
            ordering.append(self._turned(key))
        return ordering

    def _turned(self, column: SQLColumnExpression[Any]) -> UnaryExpression[Any]:
        is_descending = self.window.order.descending is not self.window.backward
        return column.desc() if is_descending else column.asc()

    def _united(self, ranges: Sequence[Rows]) -> Rows:
        """Sort the tops of several ranges together."""
        most = self.window.most
        united = union_all(*(select(each.limit(most).subquery()) for each in ranges)).subquery()
        value = united.c.value if "value" in united.c else united.c[self.field]
        return select(united).order_by(*self.order_by(value, united.c.id))

    def _seek(self, base: Rows, part: Part, same: tuple[str, ...] | None) -> Rows:
        """Have MySQL and MariaDB enter the part's index where the page begins.

        They would read a small table as a whole, and sort. Behind an equality MariaDB (10.11)
        would enter at the first entry, and walk to the bound.
        """
        if same is None or not self._is_range:
            return base
        same = (*(column for column in same if column not in part.same), *part.same)
        index = self.source.index_on(*same, self.field, "id")
        if not same and is_unique(self.source.record, self.field):
            index = f"uq_{self.source.record.__tablename__}_{self.field}"
        if index is None:
            return base
        table, hint = self.source.table, f"FORCE INDEX ({index})"
        return base.with_hint(table, hint, "mariadb").with_hint(table, hint, "mysql")

    def _ranges(self, children: Children | None = None) -> list[Stretch]:
        """Bound the stretches of an index that hold the page: values and NULLs of every part."""
        stretches = []
        for part in self._parts:
            within = part.below(self.source, children) if children else part.within(self.source)
            for nulls in (False, True) if part.has_nulls and self._is_nullable else (False,):
                bounds = self._range(part, nulls=nulls)
                if bounds is not None:
                    stretches.append(Stretch(part, [within, *bounds], nulls))
        return stretches or [Stretch(Part(), [false()], nulls=False)]

    def _range(self, part: Part, *, nulls: bool) -> list[Condition] | None:
        """Bound one stretch by the cursors within it; None if a cursor leaves nothing of it."""
        column = self.source[self.field]
        bounds: list[Condition] = []
        if part.has_nulls and self._is_nullable:
            bounds.append(column.is_(None) if nulls else column.is_not(None))
        for cursor, is_after in ((self.window.after, True), (self.window.before, False)):
            if cursor is None:
                continue
            if (cursor.value is None) is nulls:
                bounds.extend(self._beyond(column, cursor, is_after=is_after))
            elif is_after is not nulls:
                return None
        return bounds

    def _beyond(
        self, column: SQLColumnExpression[Any], cursor: Position, *, is_after: bool
    ) -> Iterator[Condition]:
        """Give the WHERE clauses for one side of a cursor: an index range on every database."""
        upward = is_after is not self.window.order.descending
        past, to = (gt, ge) if upward else (lt, le)
        past_key = (to if self.window.inclusive else past)(self.source["id"], cursor.id)
        if cursor.value is None:
            yield past_key
        else:
            yield to(column, cursor.value)
            yield past(column, cursor.value) | past_key
