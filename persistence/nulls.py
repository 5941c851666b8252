"""A column where it is NULL, in an ORDER BY that an index is to serve."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class AlwaysNull(FunctionElement[Any]):
    """A column in a range that has nothing but its NULLs."""

    inherit_cache = True
    name = "always_null"


@compiles(AlwaysNull)
def name_column(element: AlwaysNull, compiler: SQLCompiler, **options: Any) -> str:
    """Name it as the index does: PostgreSQL does not see that it is always the same."""
    return compiler.process(element.clauses, **options)


@compiles(AlwaysNull, "mysql", "mariadb")
def leave_column_out(element: AlwaysNull, compiler: SQLCompiler, **options: Any) -> str:
    """Sort by nothing: MariaDB does not see that the index has the NULLs in order."""
    return "NULL"
