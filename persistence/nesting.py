"""A page for each of many parents, in one statement: three ways, for no database has the best."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias

from sqlalchemy import Dialect, func, select, true
from sqlalchemy.orm import aliased

from persistence.lists import Children, Condition, Rows
from persistence.pagination import Keyset

Nesting: TypeAlias = Callable[..., Rows]


def lateral_pages(
    keyset: Keyset, children: Children, parents: Collection[int], *where: Condition
) -> Rows:
    """Join each parent to its page, which is read to its end and no further."""
    parent, source = children.parent, keyset.source
    key, is_linked = source[children.key], source.link is not None
    base: Rows = source.select(keyset.field) if is_linked else select(source.record)
    base = base.where(key == parent.id, *where).correlate(parent)
    page = keyset.top(base, below=key).lateral()
    record = aliased(source.record) if is_linked else aliased(source.record, page)
    pages: Rows = select(record, parent.id).select_from(parent).join(page, true())
    if is_linked:
        pages = pages.join(record, record.id == page.c.id)
    return pages.where(children.parents(parents)).order_by(
        *keyset.order_by(getattr(record, keyset.field), record.id)
    )


def listed_pages(
    keyset: Keyset, children: Children, parents: Collection[int], *where: Condition
) -> Rows:
    """Look up those whose keys are among each parent's page: SQLite knows no LATERAL."""
    parent, source = children.parent, keyset.source
    of_parent = source[children.key] == parent.id
    page = keyset.top(source.select(keyset.field).where(of_parent, *where).correlate(parent))
    record = aliased(source.record)
    pages: Rows = select(record, parent.id).select_from(parent)
    return (
        pages.join(record, record.id.in_(select(page.subquery().c.id)))
        .where(children.parents(parents))
        .order_by(*keyset.order_by(getattr(record, keyset.field), record.id))
    )


def ranked_pages(
    keyset: Keyset, children: Children, parents: Collection[int], *where: Condition
) -> Rows:
    """Give all children of these parents a number, and take those of the page.

    Keys alone are ranked, which an index holds: whole records would be sorted, texts and all.
    """
    source, request, key = keyset.source, keyset.request, keyset.source[children.key]
    ordering = keyset.order_by(source[keyset.field], source["id"])
    rank = func.row_number().over(partition_by=key, order_by=ordering)
    ranked = (
        source.select(keyset.field)
        .add_columns(key.label("parent_key"), rank.label("rank"))
        .where(children.within(key, parents), keyset.bounds(), *where)
        .subquery()
    )
    record = source.record
    pages: Rows = select(record, ranked.c.parent_key)
    return (
        pages.join(ranked, ranked.c.id == record.id)
        .where(ranked.c.rank > request.offset, ranked.c.rank <= request.offset + request.limit)
        .order_by(ranked.c.rank)
    )


def nesting_on(dialect: Dialect) -> Nesting:
    """Choose the way that reads least on a database; needs a connected engine.

    MariaDB (as of 11.8) has no LATERAL, and no LIMIT in the subquery of an IN.
    """
    if dialect.name == "sqlite":
        return listed_pages
    is_mariadb = getattr(dialect, "is_mariadb", False)
    return ranked_pages if is_mariadb else lateral_pages
