"""Each limit holds at its bound, whatever way a document takes around it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from graphql import get_introspection_query

from schema import schema
from schema.arguments import DEFAULT_PAGE_SIZE
from server.operations import OperationLimits, Operations, Refused
from tests.server.operations.documents import prepared, refusal, tangled

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


def test_fragments_that_are_nested_beyond_validation_are_told_apart_from_mistakes() -> None:
    """The document may be valid: nobody looked so far, and all that helps is to ask for less."""
    message = refusal("{ posts { nodes { ...F0 } } } " + tangled(60, 4))

    assert message == "The fragments are nested too deeply within each other, or spread too often."


@pytest.mark.parametrize("count", [1, 40, 80])
def test_what_validation_can_follow_is_priced(count: int) -> None:
    """A bound that depends on variables is computed through as many fragments."""
    document = "query ($n: Int!) { posts { nodes { ...F0 } } } " + tangled(
        count, 1, "comments(first: $n) { nodes { body } }"
    )

    assert prepared(document, {"n": 3}).cost == DEFAULT_PAGE_SIZE * 4


def within_frames(count: int, run: Callable[[], str]) -> str:
    """Run something beneath so many frames of the stack."""
    return run() if not count else within_frames(count - 1, run)


def test_a_stack_without_room_for_a_document_is_no_crash() -> None:
    """What is beneath a request on the stack is no part of it: the document is refused."""
    shown = "excerpt(length: $n) title @include(if: $yes)"
    fragments = tangled(60, 1, f"{shown} author {{ posts {{ nodes {{ {shown} }} }} }}")
    document = f"query ($n: Int!, $yes: Boolean!) {{ posts {{ nodes {{ ...F0 }} }} }} {fragments}"
    room = sys.getrecursionlimit() - len(inspect.stack())

    def outcome(operations: Operations) -> str:
        try:
            operations.prepare(document, {"n": 3, "yes": True})
        except Refused as refused:
            return str((refused.errors[0].extensions or {})["code"])
        return "prepared"

    outcomes = {
        within_frames(room - left, partial(outcome, Operations(schema, AMPLE, introspection=True)))
        for left in range(150, room - 50, 50)
    }

    assert outcomes == {"prepared", "QUERY_TOO_COMPLEX"}
