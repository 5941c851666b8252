"""Operations that show little, for which little is read of what is heavy."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_composite_type

import domain
from schema import schema
from schema.loaders import NODES
from schema.views import InstanceOf
from tests.conftest import Execute
from tests.factories import Given, global_id, signed_in

CORE = schema._schema  # noqa: SLF001 (Strawberry offers no other way)
TYPES = [type_ for name in NODES if isinstance(type_ := CORE.type_map[name], GraphQLObjectType)]
FIELDS = [
    pytest.param(type_.name, name, field, id=f"{type_.name}.{name}")
    for type_ in TYPES
    for name, field in type_.fields.items()
]
LISTS = [
    pytest.param(name, order.name, id=f"{name}-{order.name}")
    for name, orders in {
        "users": domain.UserOrderField,
        "posts": domain.PostOrderField,
        "tags": domain.TagOrderField,
    }.items()
    for order in orders
]
pytestmark = pytest.mark.every_store

PAGE = "pageInfo { startCursor endCursor } edges { cursor }"
EVERYTHING = {
    "users": "createdAt updatedAt bio",
    "posts": "createdAt publishedAt updatedAt body",
    "tags": "createdAt",
}


@pytest.mark.parametrize("type_", TYPES, ids=str)
def test_what_has_an_id_says_what_it_is_a_view_on(type_: GraphQLObjectType) -> None:
    """Or nobody could tell what an operation needs of it."""
    assert isinstance(type_.is_type_of, InstanceOf)


async def one_of_each(given: Given) -> dict[str, Any]:
    """Make one of each type, all of a user who may see it."""
    user = await given.a_user()
    tag = await given.a_tag()
    post = await given.a_post(by=user, tags=[tag])
    comment = await given.a_comment(on=post, by=user)
    return {"User": user, "Tag": tag, "Post": post, "Comment": comment}


@pytest.mark.parametrize(("type_name", "name", "field"), FIELDS)
async def test_each_field_can_be_shown_alone(
    execute: Execute, given: Given, type_name: str, name: str, field: GraphQLField
) -> None:
    """What its resolver reads was read, whatever else was not."""
    there = await one_of_each(given)
    is_deep = is_composite_type(get_named_type(field.type))
    selection = f"{name} {{ __typename }}" if is_deep else name
    document = f"query ($id: ID!) {{ node(id: $id) {{ ... on {type_name} {{ {selection} }} }} }}"

    result = await execute(
        document, viewer=signed_in(there["User"]), id=global_id(type_name, there[type_name].id)
    )

    assert result.errors is None
    assert result.data is not None
    assert [*result.data["node"]] == [name]


@pytest.mark.parametrize(("name", "order"), LISTS)
async def test_cursors_can_be_shown_alone(
    execute: Execute, given: Given, name: str, order: str
) -> None:
    """They are the same as beside what they are made of."""
    for _ in range(3):
        await one_of_each(given)
    list_ = f"{name}(orderBy: {{field: {order}}})"

    bare = await execute(f"{{ {list_} {{ {PAGE} }} }}")
    full = await execute(f"{{ {list_} {{ {PAGE} nodes {{ {EVERYTHING[name]} }} }} }}")

    assert bare.errors is None
    assert bare.data is not None and full.data is not None
    assert len({each["cursor"] for each in bare.data[name]["edges"]}) == 3
    full.data[name].pop("nodes")
    assert bare.data == full.data
