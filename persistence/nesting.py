"""A page for each of many parents, in one statement: several ways, as the databases differ.

Each finds the keys of the pages first, which an index holds, and reads the records of
those alone: to sort or keep whole records would take their texts along.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias

from sqlalchemy import Dialect, func, literal, select, true
from sqlalchemy.orm import aliased

from persistence.dialects import has_lateral
from persistence.lists import Children, Condition, Rows
from persistence.pagination import Keyset

Nesting: TypeAlias = Callable[..., Rows]


def lateral_pages(
    keyset: Keyset, children: Children, parents: Collection[int], *where: Condition
) -> Rows:
    """Join each parent to its page, which is read to its end and no further."""
    keys = keyset.source.select(keyset.field).correlate(children.parent)
    page = keyset.top(keys, *where, children=children).lateral()
    record = aliased(keyset.source.record)
    pages: Rows = select(record, children.parent.id)
    return (
        pages.select_from(children.parent)
        .join(page, true())
        .join(record, record.id == page.c.id)
        .where(children.parents(parents))
        .order_by(*keyset.order_by(page.c.value, page.c.id))
    )


def listed_pages(
    keyset: Keyset, children: Children, parents: Collection[int], *where: Condition
) -> Rows:
    """Look up those whose keys are in their parent's page: it is a list that an IN reads."""
    keys = keyset.source.select(keyset.field).correlate(children.parent)
    page = keyset.top(keys, *where, children=children).subquery()
    record = aliased(keyset.source.record)
    pages: Rows = select(record, children.parent.id)
    return (
        pages.select_from(children.parent)
        .join(record, record.id.in_(select(page.c.id)))
        .where(children.parents(parents))
        .order_by(*keyset.order_by(getattr(record, keyset.field), record.id))
    )


def ranked_pages(
    keyset: Keyset, children: Children, parents: Collection[int], *where: Condition
) -> Rows:
    """Give all children of these parents a number, and take those of the page."""
    source, request, key = keyset.source, keyset.request, keyset.source[children.key]
    ordering = keyset.order_by(source[keyset.field], source["id"])
    rank = func.row_number().over(partition_by=key, order_by=ordering)
    ranked = (
        source.select(keyset.field)
        .add_columns(key.label("parent_key"), rank.label("rank"))
        .where(children.within(key, parents), keyset.bounds(), *where)
        .subquery()
    )
    pages: Rows = select(source.record, ranked.c.parent_key)
    return (
        pages.join(ranked, ranked.c.id == source.record.id)
        .where(ranked.c.rank > request.offset, ranked.c.rank <= request.offset + request.limit)
        .order_by(ranked.c.rank)
    )


def page_of_one(
    keyset: Keyset, children: Children, parents: Collection[int], *where: Condition
) -> Rows:
    """Read the page of a single parent as that of any list: its key is known to the planner."""
    (parent,) = parents
    where = (keyset.source[children.key] == parent, *where)
    if children.seen_with is not None:
        seen = select(children.parent.id).where(children.parents(parents)).scalar_subquery()
        where = (*where, seen.is_not(None))
    keys = keyset.source.select(keyset.field)
    page = keyset.top(keys, *where, seeks=(children.key,)).subquery()
    record = aliased(keyset.source.record)
    pages: Rows = select(record, literal(parent))
    return pages.join(page, page.c.id == record.id).order_by(
        *keyset.order_by(page.c.value, page.c.id)
    )


def nesting_on(dialect: Dialect, parents: Collection[int]) -> Nesting:
    """Choose the way that is fastest on a database; needs a connected engine.

    SQLite (as of 3.50) has no LATERAL. Nor has MariaDB (as of 11.8), which allows no LIMIT in
    an IN either; a UNION of a hundred limited selects takes longer to plan than to read it all.
    """
    if len(parents) == 1:
        return page_of_one
    if dialect.name == "sqlite":
        return listed_pages
    return lateral_pages if has_lateral(dialect) else ranked_pages
