"""A page for each of many parents, in one statement: several ways, as the databases differ.

Each finds the keys of the pages first, which an index holds, and reads the records of
those alone: to sort or keep whole records would take their texts along.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sqlalchemy import Dialect, bindparam, func, select, true

from persistence.dialects import has_lateral
from persistence.lists import Children, Condition, Rows
from persistence.pagination import Keyset
from persistence.shapes import Keys
from persistence.types import Key

Nesting: TypeAlias = Callable[..., Rows]


def lateral_pages(
    keyset: Keyset, columns: Sequence[str], children: Children, parents: Keys, *where: Condition
) -> Rows:
    """Join each parent to its page, which is read to its end and no further."""
    keys = keyset.source.select(keyset.field).correlate(children.parent)
    page = keyset.top(keys, *where, children=children).lateral()
    record = keyset.source.record.__table__.alias()
    pages: Rows = select(*(record.c[name] for name in columns), children.parent.id)
    return (
        pages.select_from(children.parent)
        .join(page, true())
        .join(record, record.c.id == page.c.id)
        .where(children.parents(parents))
        .order_by(*keyset.order_by(page.c.value, page.c.id))
    )


def listed_pages(
    keyset: Keyset, columns: Sequence[str], children: Children, parents: Keys, *where: Condition
) -> Rows:
    """Look up those whose keys are in their parent's page: it is a list that an IN reads."""
    keys = keyset.source.select(keyset.field).correlate(children.parent)
    page = keyset.top(keys, *where, children=children).subquery()
    record = keyset.source.record.__table__.alias()
    pages: Rows = select(*(record.c[name] for name in columns), children.parent.id)
    return (
        pages.select_from(children.parent)
        .join(record, record.c.id.in_(select(page.c.id)))
        .where(children.parents(parents))
        .order_by(*keyset.order_by(record.c[keyset.field], record.c.id))
    )


def ranked_pages(
    keyset: Keyset, columns: Sequence[str], children: Children, parents: Keys, *where: Condition
) -> Rows:
    """Give all children of these parents a number, and take those of the page."""
    source, window, key = keyset.source, keyset.window, keyset.source[children.key]
    ordering = keyset.order_by(source[keyset.field], source["id"])
    rank = func.row_number().over(partition_by=key, order_by=ordering)
    ranked = (
        source.select(keyset.field)
        .add_columns(key.label("parent_key"), rank.label("rank"))
        .where(children.within(key, parents), keyset.bounds(), *where)
        .subquery()
    )
    record = source.record.__table__
    pages: Rows = select(*(record.c[name] for name in columns), ranked.c.parent_key)
    skipped = 0 if window.offset is None else window.offset
    return (
        pages.join(ranked, ranked.c.id == record.c.id)
        .where(ranked.c.rank > skipped, ranked.c.rank <= window.most)
        .order_by(ranked.c.rank)
    )


def page_of_one(
    keyset: Keyset, columns: Sequence[str], children: Children, parents: Keys, *where: Condition
) -> Rows:
    """Read the page of a single parent as that of any list: its key is known to the planner."""
    parent = bindparam("parent", type_=Key)
    where = (keyset.source[children.key] == parent, *where)
    if children.seen_with is not None:
        seen = select(children.parent.id).where(children.one(parent)).scalar_subquery()
        where = (*where, seen.is_not(None))
    keys = keyset.source.select(keyset.field)
    page = keyset.top(keys, *where, seeks=(children.key,)).subquery()
    record = keyset.source.record.__table__.alias()
    pages: Rows = select(*(record.c[name] for name in columns), parent)
    return pages.join(page, page.c.id == record.c.id).order_by(
        *keyset.order_by(page.c.value, page.c.id)
    )


def nesting_on(dialect: Dialect, *, of_one: bool) -> Nesting:
    """Choose the way that is fastest on a database; needs a connected engine.

    SQLite (as of 3.50) has no LATERAL. Nor has MariaDB (as of 11.8), which allows no LIMIT in
    an IN either; a UNION of a hundred limited selects takes longer to plan than to read it all.
    """
    if of_one:
        return page_of_one
    if dialect.name == "sqlite":
        return listed_pages
    return lateral_pages if has_lateral(dialect) else ranked_pages
