"""Each limit holds at its bound, whatever way a document takes around it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from graphql import get_introspection_query

from server.operations import OperationLimits, Refused
from tests.server.operations.documents import prepared, refusal

AMPLE = OperationLimits()
IN_FRAGMENTS = """
{ a: node(id: 1) { ...Both } node(id: 2) { ...Both } }
fragment Both on Post { b: title ...One }
fragment One on Post { c: title author @include(if: true) { d: id } }
"""
"""Has, fragments counted where they are spread: 10 fields, 4 fragments, 7 aliases, 2 directives and
3 levels."""


@pytest.mark.parametrize(
    ("limit", "bound", "document", "says"),
    [
        ("characters", 14, "{ __typename }", "characters in the document: 14"),
        ("tokens", 3, "{ __typename }", "more than 2 tokens"),
        ("fragments", 2, IN_FRAGMENTS, "fragments: 2"),
        ("root_fields", 2, IN_FRAGMENTS, "fields at the root: 2"),
        ("root_fields", 2, "{ ...R } fragment R on Query { viewer { id } __typename }", "root: 2"),
        ("root_fields", 2, "{ ... { viewer { id } ... { __typename } } }", "root: 2"),
        ("mutations", 2, "mutation { a: signOut b: signOut }", "mutations: 2"),
        ("selections", 14, IN_FRAGMENTS, "fields and fragments: 14"),
        ("aliases", 7, IN_FRAGMENTS, "aliases: 7"),
        ("directives", 2, IN_FRAGMENTS, "directives: 2"),
        ("directives", 1, "{ ... @include(if: true) { __typename } }", "directives: 1"),
        ("depth", 3, IN_FRAGMENTS, "limit is 2 levels"),
        ("depth", 3, "{ posts { ... { ... { nodes { id } } } } }", "limit is 2 levels"),
        ("introspection_depth", 3, "{ __schema { types { name } } }", "limit is 2 levels"),
        ("list_length", 2, "{ nodes(ids: [1, 2]) { id } }", "elements in a list: 2"),
        (
            "list_length",
            2,
            "query ($ids: [ID!]! = [1, 2]) { nodes(ids: $ids) { id } }",
            "elements in a list: 2",
        ),
    ],
)
def test_a_limit_is_the_most_there_may_be(limit: str, bound: int, document: str, says: str) -> None:
    """So many pass, one more is refused, and a program is told why."""
    values: dict[str, Any] = {limit: bound}

    prepared(document, limits=replace(AMPLE, **values))
    values[limit] -= 1
    message = refusal(document, limits=replace(AMPLE, **values))

    assert says in message


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("{ a @x(of: [1, 2, 3]) }", id="directive"),
        pytest.param("{ a(of: {one: {two: [1, 2, 3]}}) }", id="nested-object"),
        pytest.param("{ a(of: [[1, 2, 3]]) }", id="list-in-a-list"),
        pytest.param("query @x(of: [1, 2, 3]) { a }", id="directive-of-an-operation"),
        pytest.param("query ($a: Int @x(of: [1, 2, 3])) { a }", id="directive-of-a-variable"),
        pytest.param("{ ...F } fragment F on Query { a(of: [1, 2, 3]) }", id="in-a-fragment"),
    ],
)
def test_a_list_is_measured_wherever_it_stands(document: str) -> None:
    """Also where the schema would have none: it is measured before it is compared with that."""
    assert "elements in a list: 3" in refusal(document, limits=replace(AMPLE, list_length=2))


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("{ ...F } fragment F on Query { viewer { id } ...F }", id="itself"),
        pytest.param(
            "{ ...F } fragment F on Query { ...G } fragment G on Query { viewer { id } ...F }",
            id="each-other",
        ),
        pytest.param("{ viewer { id } ...F }", id="unknown"),
    ],
)
def test_fragments_without_end_are_left_to_validation(document: str) -> None:
    """What is measured need not be valid, and measuring comes to an end."""
    with pytest.raises(Refused) as refused:
        prepared(document)

    codes = {(error.extensions or {})["code"] for error in refused.value.errors}
    assert codes == {"GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(get_introspection_query(), id="plain"),
        pytest.param(
            get_introspection_query(
                specified_by_url=True,
                directive_is_repeatable=True,
                schema_description=True,
                input_value_deprecation=True,
                experimental_directive_deprecation=False,
                one_of=True,
            ),
            id="as-graphiql-asks",
        ),
    ],
)
def test_tools_may_read_the_schema(query: str) -> None:
    """Introspection is deeper than queries are, and is measured apart from them."""
    limits = replace(AMPLE, depth=1)

    assert prepared(query, limits=limits).cost == 0


def test_introspection_takes_nothing_from_the_depth_of_data() -> None:
    """A document with both has both limits, whichever comes first and whichever is spread."""
    limits = replace(AMPLE, depth=3, introspection_depth=4)
    schema = "__schema { types { fields { name } } }"
    posts = "posts { nodes { id } }"

    prepared(f"{{ {schema} {posts} }}", limits=limits)
    prepared(f"{{ {posts} ...S }} fragment S on Query {{ {schema} }}", limits=limits)
    deeper = schema.replace("name", "type { name }")

    assert "4 levels" in refusal(f"{{ {posts} {deeper} }}", limits=limits)
    assert "4 levels" in refusal(
        f"{{ {posts} ...S }} fragment S on Query {{ {deeper} }}", limits=limits
    )


def test_a_fragment_is_as_deep_as_where_it_is_spread() -> None:
    """It is measured once, where it is shallow, and is refused where it is not."""
    document = """
    { node(id: 1) { ...P } posts { nodes { author { posts { nodes { ...P } } } } } }
    fragment P on Post { author { id } }
    """

    prepared(document, limits=replace(AMPLE, depth=7))

    assert "6 levels" in refusal(document, limits=replace(AMPLE, depth=6))


def test_comments_are_counted_and_the_text_of_a_string_is_none() -> None:
    """Comments are no tokens, and take their time all the same."""
    many = "#\n" * 1_000

    prepared(many + "{ __typename }")
    prepared('{ tag(name: "' + "#" * 1_001 + '") { id } }')

    assert "1000 comments" in refusal("#\n" + many + "{ __typename }")


def test_each_operation_has_the_limits_for_itself() -> None:
    """A document of many operations runs one of them, and is refused if any is too large."""
    limits = replace(AMPLE, operations=2, root_fields=2, mutations=1)
    small = "query A { a: __typename b: __typename } mutation B { signOut }"
    large = "mutation C { a: signOut b: signOut }"

    prepared(small, limits=limits, operation_name="A")

    assert "operations: 3" in refusal(f"{small} {large}", limits=limits)
    assert "mutations: 2" in refusal(f"{small} {large}", limits=replace(limits, operations=3))
