"""Rows that are written only if nothing is in their way, which is no error then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, Table, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from persistence.models import Base


def insert_if_it_may_be(
    table: Table,
    new: Mapping[str, BindParameter[Any]],
    parents: Sequence[type[Base]],
    unique: Sequence[str],
) -> ClauseElement:
    """Write a row on PostgreSQL, and return its key; there is none if nothing was written.

    That is if a parent is missing, of which the keys are `parent_0` and so on, or its values in the
    `unique` columns are taken. The parents are locked as their foreign keys would lock them.
    """
    rows = select(*new.values())
    for n, record in enumerate(parents):
        rows = rows.where(record.id == bindparam(f"parent_{n}"))
    if parents:
        rows = rows.with_for_update(read=True, key_share=True)
    statement = insert(table).from_select([*new], rows, include_defaults=False)
    if unique:
        statement = statement.on_conflict_do_nothing(index_elements=unique)
    return statement.returning(table.c.id)
