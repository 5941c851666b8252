"""What is to be known of a schema, found out once for all of its operations."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any, TypeAlias, cast

import strawberry
from graphql import GraphQLLeafType, GraphQLObjectType
from graphql.execution import Executor
from strawberry.schema.schema_converter import CustomGraphQLEnumType
from strawberry.types.field import StrawberryField

from schema.views import InstanceOf
from server.execution.arguments import ArgumentReader
from server.execution.handling import Handlers
from server.execution.running import KINDS

Coerce: TypeAlias = Callable[[Any], Any]
"""Makes of a value that is not null what the answer has; raises what graphql-core does."""


class SchemaFacts:
    """A schema, seen as compiling looks at it."""

    def __init__(self, schema: strawberry.Schema, *, suggests: bool) -> None:
        self.core = schema._schema  # noqa: SLF001 (Strawberry offers no other way)
        self.suggests = suggests
        self.reader = ArgumentReader(schema, suggests=suggests)
        self._schema = schema
        self._are_bare: dict[StrawberryField, bool] = {}
        self._coercions: dict[GraphQLLeafType, Coerce] = {}

    def kind_of(self, type_: GraphQLObjectType) -> type | None:
        """Tell what class the objects of a type are of, if it says so and they are no more."""
        view = type_.is_type_of
        return view.kind if isinstance(view, InstanceOf) and not KINDS[view.kind] else None

    def is_bare(self, declared: StrawberryField) -> bool:
        """Tell whether a field's resolver may be called itself, as nothing is around it.

        Handlers may be, if what they handle is awaited: see `HandledResolver`.
        """
        if declared not in self._are_bare:
            self._are_bare[declared] = self._is_bare(declared)
        return self._are_bare[declared]

    def coercion(self, type_: GraphQLLeafType) -> Coerce:
        """Tell how values of a type are coerced."""
        if type_ not in self._coercions:
            self._coercions[type_] = coercion(type_)
        return self._coercions[type_]

    def handlers(self, declared: StrawberryField) -> Handlers:
        """List the exception handlers that a field has."""
        return self._schema.schema_converter._get_field_exception_handlers(declared)  # noqa: SLF001 (as above)

    def _is_bare(self, declared: StrawberryField) -> bool:
        config = self._schema.config
        if declared.extensions or (self.handlers(declared) and not declared.is_async):
            return False
        if declared.base_resolver is None:
            return config.default_resolver is getattr
        return config.info_class is strawberry.Info


def coercion(type_: GraphQLLeafType) -> Coerce:
    """Coerce as graphql-core does, which looks through all values of an enum."""
    coerce = partial(Executor.complete_leaf_value, type_)
    if not isinstance(type_, CustomGraphQLEnumType):
        return coerce
    members = cast("type[Enum]", type_.wrapped_cls)
    names = {member: coerce(member) for member in members}

    def name_of(value: Any) -> Any:
        return names[value] if type(value) is members else coerce(value)

    return name_of
