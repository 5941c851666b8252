"""Enums and orders, as the API shows the domain's."""

from __future__ import annotations

from enum import Enum
from typing import Protocol, TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

import domain

EnumT = TypeVar("EnumT", bound=type[Enum])


def describe(members: EnumT, description: str, **values: str) -> EnumT:
    """Show one of the domain's enums in the API, with a description for it and each value."""
    shown = strawberry.enum(members, description=description)
    definition: StrawberryEnumDefinition = shown.__strawberry_definition__  # type: ignore[attr-defined] # set by the line above
    for value in definition.values:
        value.description = values[value.name]
    return shown


@strawberry.enum(description="Which way a list is ordered.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="Oldest first, or A before Z.")
    DESC = strawberry.enum_value("DESC", description="Newest first, or Z before A.")


class OrderInput(Protocol):
    """What the order inputs of all lists have in common."""

    @property
    def field(self) -> domain.OrderField: ...

    @property
    def direction(self) -> OrderDirection: ...


def order_of(order: OrderInput) -> domain.Order:
    """Read an order input."""
    return domain.Order(order.field, descending=order.direction is OrderDirection.DESC)
