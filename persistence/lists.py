"""What a list is made of: where its records are looked for, in which parts, and by which index."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    SQLColumnExpression,
    Table,
    UniqueConstraint,
    case,
    join,
    select,
    true,
)

from persistence.models import Base
from persistence.shapes import Keys

Condition: TypeAlias = ColumnElement[bool]
Rows: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list's records are looked for: in their table, or among the links that lead there.

    A link has copies of what its records are listed by, so that its own index holds the list.
    If a condition needs more than the copies, each link `is_joined` to its record.
    """

    record: type[Base]
    link: Table | None = None
    link_key: str = ""
    is_joined: bool = False

    def __getitem__(self, name: str) -> SQLColumnExpression[Any]:
        """Return a column of the links, or one of the records that has no copy there."""
        column: SQLColumnExpression[Any]
        if self.link is not None and self._name_of(name) in self.link.c:
            column = self.link.c[self._name_of(name)]
        else:
            column = getattr(self.record, name)
        return column

    @property
    def table(self) -> FromClause:
        """The table whose index is sought."""
        return self.record.__table__ if self.link is None else self.link

    def select(self, order_field: str) -> Rows:
        """Select keys, and the values that they are ordered by, as `id` and `value`."""
        keys: Rows = select(self["id"].label("id"), self[order_field].label("value"))
        if self.link is None:
            return keys
        is_joined = self.is_joined or order_field not in self.link.c
        return keys.select_from(self._joined() if is_joined else self.link)

    def counted(self) -> FromClause:
        """Return what has a row for each record."""
        return self._joined() if self.link is not None and self.is_joined else self.table

    def index_on(self, *columns: str) -> str | None:
        """Name the index on these columns of the records."""
        return index_on(self.table, *map(self._name_of, columns))

    def _name_of(self, column: str) -> str:
        return self.link_key if column == "id" and self.link is not None else column

    def _joined(self) -> FromClause:
        return join(self.table, self.record.__table__, self["id"] == self.record.id)


@dataclass(frozen=True, slots=True)
class Children:
    """Records that have a parent, and the column that bears its key.

    If they are seen whenever their parent is, `seen_with` is the condition that it is:
    asked once for each parent, and not for each child.
    """

    parent: type[Base]
    key: str
    seen_with: Condition | None = None

    def parents(self, keys: Keys) -> Condition:
        """Keep to the parents that have these keys, and are seen."""
        return self._seen(keys.among(self.parent.id))

    def one(self, key: ColumnElement[int]) -> Condition:
        """Keep to the parent that has this key, if it is seen."""
        return self._seen(self.parent.id == key)

    def _seen(self, condition: Condition) -> Condition:
        if self.seen_with is None:
            return condition
        # Not bare, or SQLite would look up all that are seen, by an index, to find these.
        return condition & (case((self.seen_with, 1), else_=0) == 1)

    def within(self, key: SQLColumnExpression[int], keys: Keys) -> Condition:
        """Keep to the children of the parents that have these keys, and are seen."""
        if self.seen_with is None:
            return keys.among(key)
        return key.in_(select(self.parent.id).where(self.parents(keys)))


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a list's records, each in one part only; `has_nulls` if some may lack a value.

    Where each part is the range of an index, so is the list: an OR of their conditions is not.
    `same` names the columns that are the same in all of it, and begin its indexes; `owner` is
    the column and the key of the one parent that it is of, if it is.
    """

    condition: Condition = field(default_factory=true)
    owner: tuple[str, int] | None = None
    has_nulls: bool = False
    same: tuple[str, ...] = ()

    def within(self, source: Source) -> Condition:
        """Keep to what is in it."""
        if self.owner is None:
            return self.condition
        column, key = self.owner
        return self.condition & (source[column] == key)

    def below(self, source: Source, children: Children) -> Condition:
        """Keep to what is in it and below one parent.

        Asked for a parent who is not its owner, it looks for NULL, and finds nothing at once:
        of two conditions MySQL would look by one, and read all that it finds for the other.
        """
        key, parent = source[children.key], children.parent.id
        if self.owner is None or self.owner[0] != children.key:
            return self.within(source) & (key == parent)
        return self.condition & (key == case((parent == self.owner[1], parent)))


@cache
def is_unique(record: type[Base], column: str) -> bool:
    """Tell whether a column orders its table alone; MariaDB's index on it then serves the order."""
    constraints = record.metadata.tables[record.__tablename__].constraints
    return any(
        isinstance(each, UniqueConstraint) and [*each.columns.keys()] == [column]
        for each in constraints
    )


@cache
def index_on(table: Table, *columns: str) -> str | None:
    """Name a table's index on these columns."""
    return next((each.name for each in table.indexes if (*each.columns.keys(),) == columns), None)
