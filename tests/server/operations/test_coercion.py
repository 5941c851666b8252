"""What is made once for an input type reads values as graphql-core does."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema, coerce_input_value
from hypothesis import given
from hypothesis import strategies as st

from server.operations.coercion import InputTypes

SCHEMA = build_schema("""
    enum Mood { GLAD SAD }
    input One @oneOf { text: String, number: Int }
    input Tree {
      text: String!
      id: ID
      mood: Mood = GLAD
      numbers: [Int!]! = [1, 2]
      must: Boolean!
      one: One
      below: Tree
      many: [Tree]
    }
    type Query {
      all(text: String!, id: ID!, maybe: ID, number: Float, tree: Tree!, trees: [Tree!], one: One!):
        Int
    }
""")
TYPES = {name: each.type for name, each in SCHEMA.query_type.fields["all"].args.items()}  # type: ignore[union-attr]
TREE = SCHEMA.type_map["Tree"].fields  # type: ignore[attr-defined]
SCALARS = st.sampled_from([None, True, False, 0, 3, 2**40, 1.5, "", "a", "GLAD", "sad"])


def objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Make objects with most of the fields there are, and now and then one that there is not."""
    right = {"text": st.text(max_size=2), "must": st.booleans()}
    fields = {name: right.get(name, values) for name in [*TREE, "number", "other"]}
    return st.one_of(
        st.dictionaries(st.sampled_from([*fields]), values, max_size=4),
        st.fixed_dictionaries(
            right, optional={name: fields[name] for name in ("id", "below", "many", "one", "mood")}
        ),
    )


VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), objects(inner)), max_leaves=12
)


@pytest.mark.parametrize("name", TYPES)
@given(value=VALUES)
def test_values_are_read_as_graphql_core_reads_them(name: str, value: Any) -> None:
    """What it reads is the same, and so is what it does not read."""
    read = InputTypes().reader(TYPES[name])

    assert read(value) == coerce_input_value(value, TYPES[name])


def test_a_tree_is_read_with_its_defaults() -> None:
    """Of the values above some are good."""
    value = {"text": "a", "must": True, "below": {"text": "b", "must": False, "numbers": 7}}

    read = InputTypes().reader(TYPES["tree"])(value)

    below = {"text": "b", "must": False, "mood": "GLAD", "numbers": [7]}
    assert read == {"text": "a", "must": True, "mood": "GLAD", "numbers": [1, 2], "below": below}
