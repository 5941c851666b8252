"""A schema that is made to be difficult, and a context for its operations."""

from tests.server.execution.nasty.roots import Context, schema

__all__ = ["Context", "schema"]
