"""Fields of one response name that can't be merged.

What fields ask for and the shape of what they answer are equalities, so that each field is
compared with the first, and not with every other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graphql import GraphQLObjectType, GraphQLOutputType, GraphQLWrappingType, is_leaf_type

from server.operations.merging.selections import Field


class Conflict(NamedTuple):
    """Two fields that can't be merged, and why."""

    first: Field
    other: Field
    reason: str


def conflicts_among(fields: list[Field], *, of_one_object: bool) -> Iterator[Conflict]:
    """Find fields of one response name that can't be merged, one pair for each reason."""
    if len(fields) == 1:
        return
    differing = list(differing_among(fields)) if of_one_object else []
    yield from differing
    if not differing:
        yield from misshapen_among(fields)


def differing_among(fields: list[Field]) -> Iterator[Conflict]:
    """Find fields that may be of one object, and ask for different things."""
    abstract, by_owner = by_object(fields)
    for group in [fields] if abstract else by_owner:
        first = abstract[0] if abstract else group[0]
        other = next((each for each in group if each.asks != first.asks), None)
        if other is not None:
            name, other_name = first.node.name.value, other.node.name.value
            yield Conflict(
                first,
                other,
                "they have different arguments"
                if name == other_name
                else f"'{name}' and '{other_name}' are different fields",
            )


def misshapen_among(fields: list[Field]) -> Iterator[Conflict]:
    """Find a field whose answer has another shape; one of an unknown type may have any."""
    first: Field | None = None
    for field in fields:
        if field.type is None:
            continue
        if first is None or first.type is None:
            first = field
        elif not have_same_shape(first.type, field.type):
            yield Conflict(first, field, f"their types '{first.type}' and '{field.type}' don't fit")
            return


def have_same_shape(one: GraphQLOutputType, other: GraphQLOutputType) -> bool:
    """Tell whether lists, non-nulls and leaves agree; what objects hold is compared by itself."""
    while one is not other:
        if isinstance(one, GraphQLWrappingType) and type(one) is type(other):
            one, other = one.of_type, other.of_type
        elif isinstance(one, GraphQLWrappingType) or isinstance(other, GraphQLWrappingType):
            return False
        else:
            return not is_leaf_type(one) and not is_leaf_type(other)
    return True


def by_object(fields: Iterable[Field]) -> tuple[list[Field], list[list[Field]]]:
    """Part the fields that any object may have from those of each object type."""
    abstract: list[Field] = []
    by_owner: dict[GraphQLObjectType, list[Field]] = defaultdict(list)
    for field in fields:
        (abstract if field.owner is None else by_owner[field.owner]).append(field)
    return abstract, list(by_owner.values())


def meeting_in_one_object(fields: Iterable[Field]) -> list[list[Field]]:
    """Group the fields that an object may have together; those that any may have are in each."""
    abstract, by_owner = by_object(fields)
    if not by_owner:
        return [abstract] if abstract else []
    return [abstract + owned for owned in by_owner]
