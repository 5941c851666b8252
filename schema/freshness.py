"""Whoever changes something reads no copies that may lack it."""

from __future__ import annotations

from collections.abc import Iterator

from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType


class LatestForMutations(SchemaExtension):
    """Has a mutation read what was written last, before it writes as well as after."""

    def on_execute(self) -> Iterator[None]:
        """Look at the kind of operation, which is known by now."""
        if self.execution_context.operation_type is OperationType.MUTATION:
            self.execution_context.context.work.read_latest()
        yield
