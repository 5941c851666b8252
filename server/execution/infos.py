"""What resolvers may know of their field, made when they ask: few do for more than the context."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import strawberry
from graphql import GraphQLResolveInfo
from graphql.pyutils import Path
from strawberry.types.field import StrawberryField

from server.execution.places import Place, path_of
from server.execution.running import Run


class FieldInfo(strawberry.Info[Any, Any]):
    """Strawberry's `Info` for a resolver that is called by a plan."""

    __slots__ = ("_place", "_run", "context")  # the last is a property there, which takes longer

    def __init__(self, run: Run, place: Place) -> None:
        self._run = run
        self._place = place
        self.context = run.context  # type: ignore[misc] # read-only there

    @cached_property
    def _raw_info(self) -> GraphQLResolveInfo[Any]:  # type: ignore[override] # is an attribute there
        return self._run.resolve_info(self._place)

    @property
    def _field(self) -> StrawberryField | None:  # type: ignore[override] # as above
        return self._place[3].field.declared

    @property
    def field_name(self) -> str:
        """The field's name in the schema."""
        return self._place[3].field.name

    @property
    def path(self) -> Path:
        """The way to the field's value."""
        return path_of(self._place)


class TypeInfo:
    """Stands for graphql-core's info where types are asked if a value is theirs."""

    def __init__(self, run: Run, place: Place) -> None:
        self._run = run
        self._place = place

    @property
    def field_name(self) -> str:
        """The field's name in the schema, which is all that unions ask for."""
        return self._place[3].field.name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run.resolve_info(self._place), name)
