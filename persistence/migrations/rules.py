"""What a revision may not do to tables that a running server uses, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alembic.ddl.base import (
    AddColumn,
    AlterTable,
    ColumnComment,
    ColumnDefault,
    ColumnName,
    ColumnNullable,
    ColumnType,
    DropColumn,
    RenameTable,
)
from sqlalchemy import ClauseElement, Column, Delete, Insert, Select, Table, TextClause, Update
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropConstraint,
    DropIndex,
    DropTable,
    DropTableComment,
    SetColumnComment,
    SetTableComment,
)

RULES = {
    "adding-required-column": (
        "The running release inserts rows without this column, and fails: let it be NULL, or "
        "give it a server_default."
    ),
    "requiring-column": (
        "The running release may still write NULL, and the table is locked while it is read "
        "through: do it when every release fills the column, on PostgreSQL after a validated "
        "CHECK (… IS NOT NULL)."
    ),
    "dropping-not-null": (
        "The running release does not expect NULL: let no release write it before all can read it."
    ),
    "dropping-column": (
        "The running release reads and writes this column: drop it one release after the last "
        "that names it."
    ),
    "dropping-table": (
        "The running release reads and writes this table: drop it one release after the last "
        "that names it."
    ),
    "dropping-constraint": (
        "The running release may rely on what this constraint refuses: drop it one release after "
        "the last that does."
    ),
    "dropping-index": (
        "The running release names its indexes on MySQL, and PostgreSQL waits for all who use "
        "the table: drop it one release after the last list that uses it, with "
        "postgresql_concurrently=True in an autocommit block."
    ),
    "renaming-column": (
        "The running release knows the old name only: add a column, have both written, and drop "
        "the old one later."
    ),
    "renaming-table": (
        "The running release knows the old name only: add a table, have both written, and drop "
        "the old one later."
    ),
    "changing-type": (
        "The table is locked while it is copied, and the running release sends values of the old "
        "type: add a column of the new type, and drop the old one later."
    ),
    "adding-constraint": (
        "Writes wait while the rows are checked, and the running release may break what it says: "
        "use postgresql_not_valid=True and VALIDATE it in a later revision, or build a unique "
        "index concurrently."
    ),
    "building-index": (
        "PostgreSQL lets nobody write to the table while the index is built: use "
        "postgresql_concurrently=True in an autocommit block."
    ),
    "changing-rows": (
        "A revision is one transaction, so that each row changed is locked until its end: change "
        "rows in batches, outside of it."
    ),
    "unknown-statement": (
        "No rule can tell what this does: read what it locks, and what the running release makes "
        "of it."
    ),
    "unreadable": (
        "What it does can't be told without a database: let it ask op.get_context().dialect "
        "instead of one, and give the columns of its values their types."
    ),
    "unreversible": (
        "A release that goes wrong can't be taken back with its tables: write a downgrade that "
        "undoes what upgrade does."
    ),
}
"""Each rule, and what is wrong and what to do instead."""

PLAIN: dict[type[ClauseElement], str | None] = {
    ColumnComment: None,
    ColumnDefault: None,
    ColumnName: "renaming-column",
    ColumnType: "changing-type",
    CreateTable: None,
    Delete: "changing-rows",
    DropColumn: "dropping-column",
    DropConstraint: "dropping-constraint",
    DropIndex: "dropping-index",
    DropTable: "dropping-table",
    DropTableComment: None,
    Insert: None,
    RenameTable: "renaming-table",
    Select: None,
    SetColumnComment: None,
    SetTableComment: None,
    Update: "changing-rows",
}
"""Changes that are judged by what they are alone; others by more, or nobody knows them."""

CHANGES_ROWS = ("UPDATE", "DELETE", "MERGE", "REPLACE", "TRUNCATE")
CHANGES_SETTINGS = ("SET LOCAL ", "SET SESSION ")


def broken(
    changes: Iterable[ClauseElement], dialect_name: str
) -> Iterator[tuple[str, ClauseElement]]:
    """Tell which rules are broken by what; a table made by the same revision is nobody's yet."""
    made = set()
    for change in changes:
        if isinstance(change, CreateTable):
            made.add(change.element.name)
        rule = rule_of(change, dialect_name)
        if rule and table_of(change) not in made:
            yield rule, change


def rule_of(change: ClauseElement, dialect_name: str) -> str | None:
    """Name the rule that a change breaks on a table in use."""
    match change:
        case AddColumn(column=column):
            return of_new_column(column, inline=change.inline_references is True)
        case ColumnNullable():
            return "dropping-not-null" if change.nullable else "requiring-column"
        case AddConstraint(element=constraint):
            is_unchecked = constraint.dialect_kwargs.get("postgresql_not_valid")
            return None if is_unchecked else "adding-constraint"
        case CreateIndex(element=index):
            blocks = dialect_name == "postgresql" and not index.kwargs.get(
                "postgresql_concurrently"
            )
            return "building-index" if blocks else None
        case TextClause(text=text):
            return of_text(text)
        case _:
            return PLAIN.get(type(change), "unknown-statement")


def of_new_column(column: Column[object], *, inline: bool) -> str | None:
    """Judge a column by whether rows can be without it, and by a reference within it."""
    if not column.nullable and column.server_default is None:
        return "adding-required-column"
    return "adding-constraint" if inline and column.foreign_keys else None


def of_text(text: str) -> str | None:
    """Judge SQL that somebody wrote, by its first word alone."""
    written = text.strip().upper()
    if written.startswith(CHANGES_ROWS):
        return "changing-rows"
    return None if written.startswith(CHANGES_SETTINGS) else "unknown-statement"


def table_of(change: ClauseElement) -> str | None:
    """Name the table that a change is about, if it is about one."""
    match change:
        case AlterTable(table_name=name):
            return str(name)
        case DropTable(element=Table(name=name)):
            return str(name)
        case (
            AddConstraint(element=element)
            | DropConstraint(element=element)
            | CreateIndex(element=element)
            | DropIndex(element=element)
        ):
            return str(getattr(element.table, "name", None))
        case Update(table=table) | Delete(table=table):
            return str(getattr(table, "name", None))
        case _:
            return None
