"""Documents: kept when they are valid, and told no more of than they should be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import DocumentNode, parse

from schema import schema
from server.operations import OperationLimits, Operations, Refused
from tests.conftest import Execute
from tests.server.operations.documents import prepared

NAMED = "query A { viewer { id } } query B { __typename }"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are parsed from now on."""
    read: list[str] = []

    def noted_parse(text: str, **options: Any) -> DocumentNode:
        read.append(text)
        return parse(text, **options)

    monkeypatch.setattr("server.operations.documents.parse", noted_parse)
    return read


def test_a_valid_document_is_read_and_validated_once(read: list[str]) -> None:
    """Both take a hundred times as long as finding it again."""
    operations = Operations(schema, OperationLimits(), introspection=True)

    first, again = (operations.prepare(NAMED, {}, name) for name in ("A", "B"))

    assert first.definition.fragments is again.definition.fragments
    assert (first.definition.name, again.definition.name) == ("A", "B")
    assert read == [NAMED]


def test_an_invalid_document_is_not_kept(read: list[str]) -> None:
    """There is no end of them: they would take the place of those that are sent again."""
    operations = Operations(schema, OperationLimits(), introspection=True)
    invalid = "{ unknown }"

    for _ in range(2):
        with pytest.raises(Refused):
            operations.prepare(invalid)

    assert read == [invalid, invalid]


@pytest.mark.parametrize(
    "long",
    [
        pytest.param("{ __typename }" + " " * 90_000, id="characters"),
        pytest.param("{ nodes(ids: [" + "1 " * 990 + "]) { id } }", id="tokens"),
    ],
)
def test_what_is_kept_is_bounded_by_the_memory_it_takes(
    read: list[str], monkeypatch: pytest.MonkeyPatch, long: str
) -> None:
    """The last used ones stay; and a long text of few tokens counts for its length."""
    monkeypatch.setattr("server.operations.documents.KEPT_BYTES", 5_000_000)
    operations = Operations(schema, OperationLimits(), introspection=True)
    first, *others = [f"query Q{n} {long}" for n in range(10)]

    for other in others:
        operations.prepare(first)
        operations.prepare(other)
    operations.prepare(others[-1])
    operations.prepare(others[0])

    assert read == [first, *others, others[0]]


def test_a_document_that_is_larger_than_all_that_is_kept_runs(
    read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator may allow longer documents than are kept."""
    monkeypatch.setattr("server.operations.documents.KEPT_BYTES", 1)
    operations = Operations(schema, OperationLimits(), introspection=True)

    names = [operations.prepare("query A { __typename }").definition.name for _ in range(2)]

    assert names == ["A", "A"] and len(read) == 2


@pytest.mark.parametrize(
    ("document", "name", "chosen"),
    [
        ("{ __typename }", None, None),
        ("{ __typename }", "", None),
        ("query A { __typename }", None, "A"),
        ("query A { __typename }", "", "A"),
        ("query A { __typename }", "A", "A"),
        (NAMED, "B", "B"),
    ],
)
def test_the_name_chooses_an_operation(document: str, name: str | None, chosen: str | None) -> None:
    """An only operation needs none, and an empty one is none, as forms send it."""
    assert prepared(document, operation_name=name).definition.name == chosen


@pytest.mark.parametrize(
    ("document", "name", "says"),
    [
        (NAMED, None, "say which by `operationName`"),
        (NAMED, "", "say which by `operationName`"),
        (NAMED, "C", "no operation named 'C'"),
        ("{ __typename }", "A", "no operation named 'A'"),
        ("query A { __typename }", "a", "no operation named 'a'"),
        ("{ __typename }", "x" * 10_000, "x…"),
    ],
)
def test_a_name_that_chooses_none_is_refused(document: str, name: str | None, says: str) -> None:
    """Nothing is run by guess."""
    with pytest.raises(Refused) as refused:
        prepared(document, operation_name=name)

    (error,) = refused.value.errors
    assert says in error.message and len(error.message) < 200
    assert (error.extensions or {})["code"] == "BAD_USER_INPUT"


SUGGESTING: Mapping[str, dict[str, Any]] = {
    "{ post(by: {slug: 1}) { titel } }": {},
    "{ pots { totalCount } }": {},
    "{ posts { nodes } }": {},
    "{ posts(frist: 1) { totalCount } }": {},
    "{ posts(orderBy: {direction: DSC}) { totalCount } }": {},
    "{ posts(orderBy: {direction: desc}) { totalCount } }": {},
    "{ posts(filter: {tags: 1}) { totalCount } }": {},
    "query ($a: PostOder) { posts(orderBy: $a) { totalCount } }": {},
    "{ node(id: 1) { ... on Psot { id } } }": {},
    "{ node(id: 1) { title } }": {},
    "{ __typename @inclde(if: true) }": {},
    "fragment F on Post { id } { post(by: {slug: 1}) { ...G } }": {},
    "query ($a: PostOrder) { posts(orderBy: $a) { totalCount } }": {"a": {"direction": "DSC"}},
    "query ($a: PostFilter) { posts(filter: $a) { totalCount } }": {"a": {"tags": "a"}},
    "query ($a: OrderDirection) { posts(orderBy: {direction: $a}) { totalCount } }": {"a": "desc"},
}


@pytest.mark.parametrize("document", SUGGESTING)
def test_a_schema_that_is_not_told_is_not_suggested_either(document: str) -> None:
    """By asking for near misses anybody would get the names of all that there is."""
    with pytest.raises(Refused) as refused:
        prepared(document, SUGGESTING[document], introspection=False)

    assert not [error for error in refused.value.errors if "Did you mean" in error.message]


def test_who_may_read_the_schema_is_helped() -> None:
    """While a client is being written, a near miss is the most common mistake."""
    helped = 0
    for document, variables in SUGGESTING.items():
        with pytest.raises(Refused) as refused:
            prepared(document, variables)
        helped += any("Did you mean" in error.message for error in refused.value.errors)

    assert helped >= 10


@pytest.mark.parametrize(
    "document",
    [
        "{ __schema { types { name } } }",
        '{ __type(name: "Post") { name } }',
        '{ a: __type(name: "Post") { name } __typename }',
        "{ ...F } fragment F on Query { ... { __schema { types { name } } } }",
    ],
)
def test_a_schema_is_told_only_where_it_is_switched_on(document: str) -> None:
    """Under an alias or in a fragment as well; the tools of those who build may ask."""
    prepared(document)

    with pytest.raises(Refused, match="switched off") as refused:
        prepared(document, introspection=False)

    assert (refused.value.errors[0].extensions or {})["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_the_names_of_types_are_told_anyway(execute: Execute) -> None:
    """Clients keep what they read by `__typename`, and it tells no more than they asked for."""
    document = "{ __typename posts { __typename } }"

    prepared(document, introspection=False)
    result = await execute(document)

    assert result.data == {"__typename": "Query", "posts": {"__typename": "PostConnection"}}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{ a", "GRAPHQL_PARSE_FAILED"),
        ('"Parsing aborted."', "GRAPHQL_PARSE_FAILED"),
        ('{ a "Parsing aborted." }', "GRAPHQL_PARSE_FAILED"),
        ("{ a }", "GRAPHQL_VALIDATION_FAILED"),
        ("type T { a: Int }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_what_is_wrong_is_told_by_its_code(document: str, code: str) -> None:
    """A program tells them apart without reading the message, whatever a client writes in it."""
    with pytest.raises(Refused) as refused:
        prepared(document)

    assert (refused.value.errors[0].extensions or {})["code"] == code


def test_a_document_of_fragments_alone_is_refused() -> None:
    """It holds nothing that could be run."""
    with pytest.raises(Refused):
        prepared("fragment F on Post { id }")


def test_a_literal_is_written_out_once() -> None:
    """Each mistake in one is told with all of it: 1,000 of them took 150 ms to write."""
    document = "{ posts(filter: {" + " ".join(f"k{n}: 1" for n in range(1_000)) + "}) { id } }"

    with pytest.raises(Refused) as refused:
        prepared(document)

    assert sum("PostFilter" in error.message for error in refused.value.errors) == 1
