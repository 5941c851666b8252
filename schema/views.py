"""Types as views on entities: what is known of the objects behind a type before there are any."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from graphql import GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

import domain
from schema.promises import Promise

ResolverOf: TypeAlias = Callable[[type], Callable[[Any], Any]]
"""Makes of a class what resolves a field for objects of just that class."""

RESOLVER_OF, RELATION, READS, IS_CURSOR = "resolver_of", "relation", "reads", "is_cursor"


class InstanceOf:
    """Tells whether something is of a class: a type's `is_type_of`.

    A plan learns from it what the objects behind the type are, and how to read their slots. The
    `orders` are what their lists can be ordered by, of which cursors are made; if it says nothing
    of them, it is believed that they are made of everything.
    """

    __slots__ = ("kind", "orders")

    def __init__(self, kind: type, orders: Iterable[domain.OrderField] | None = None) -> None:
        self.kind = kind
        self.orders = orders

    def __call__(self, value: object, _info: object) -> bool:
        return isinstance(value, self.kind)


def declaration_of(field: GraphQLField) -> StrawberryField | None:
    """Find how Strawberry was told of a field, if it was."""
    declared: StrawberryField | None = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return declared


def made_by(resolver_of: ResolverOf) -> dict[str, ResolverOf]:
    """Say in the metadata of a field that a resolver for each class gives what its own does.

    They only look at the object, so that they may be asked twice.
    """
    return {RESOLVER_OF: resolver_of}


def declared_resolver_of(field: StrawberryField) -> ResolverOf | None:
    """Read what makes a field's resolver for a class, if its declaration says so."""
    return field.metadata.get(RESOLVER_OF)


def reads(*attributes: str) -> dict[str, Any]:
    """Say in the metadata of a field what of its object its resolver reads: these, and its key.

    Of a resolver that says nothing it is believed that it reads everything.
    """
    return {READS: attributes}


IS_A_CURSOR: Mapping[str, Any] = {IS_CURSOR: True}
"""Says in the metadata of a field that it shows where an item of a list stands."""


class Relation(NamedTuple):
    """A field shows what a loader promises for one of its object's attributes, and does no more.

    The context of an operation has the loader's `load`.
    """

    attribute: str
    load_of: Callable[[Any], Callable[[Any], Promise[Any]]]


def declared_relation(field: StrawberryField) -> Relation | None:
    """Read what relation a field shows, if its declaration says so."""
    return field.metadata.get(RELATION)


def declared_reads(field: StrawberryField) -> Collection[str] | None:
    """Read what attributes of its object a field reads; None if that may be any."""
    if field.base_resolver is None:
        return (field.python_name,)
    return field.metadata.get(READS)


def is_cursor(field: StrawberryField) -> bool:
    """Tell whether a field shows where an item of a list stands."""
    return IS_CURSOR in field.metadata
