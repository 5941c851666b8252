"""Documents that tests send: hostile ones, and what is said of a refused one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from schema import schema
from server.operations import Operation, OperationLimits, Operations, Refused

CHAIN = 20


def prepared(
    document: str,
    variables: Mapping[str, Any] | None = None,
    limits: OperationLimits | None = None,
    *,
    operation_name: str | None = None,
    introspection: bool = True,
) -> Operation:
    """Get a document ready to run, by a server that has seen none before."""
    operations = Operations(schema, limits or OperationLimits(), introspection=introspection)
    return operations.prepare(document, variables, operation_name)


def refusal(
    document: str, variables: Mapping[str, Any] | None = None, limits: OperationLimits | None = None
) -> str:
    """What the first error says about a document that is refused for its size."""
    with pytest.raises(Refused) as refused:
        prepared(document, variables, limits)
    error = refused.value.errors[0]
    assert error.extensions is not None
    assert error.extensions["code"] == "QUERY_TOO_COMPLEX", error.message
    return error.message


def doubling(selection: str, last: str) -> str:
    """A chain of fragments, each of which spreads the next one twice."""
    links = (
        f"fragment F{n} on Post {{ {selection.replace('…', f'...F{n + 1} ...F{n + 1}')} }}"
        for n in range(CHAIN)
    )
    return "\n".join([*links, f"fragment F{CHAIN} on Post {{ {last} }}"])


def tangled(count: int, nested: int, last: str = "id") -> str:
    """A chain of fragments, each of which spreads the next one within inline fragments."""
    inner = [f"...F{n + 1}" for n in range(count - 1)] + [last]
    return " ".join(
        f"fragment F{n} on Post {{ {'... { ' * nested}{each}{' }' * nested} }}"
        for n, each in enumerate(inner)
    )


def all_later(count: int) -> str:
    """Fragments that each spread as many of the later ones as tokens allow."""
    return " ".join(
        f"fragment F{n} on Post {{ id "
        + " ".join(f"...F{later}" for later in range(n + 1, min(count, n + 14)))
        + " }"
        for n in range(count)
    )


TOO_LONG: Mapping[str, str] = {
    "aliases": "{" + " ".join(f"a{n}: __typename" for n in range(10_000)) + "}",
    "names": "{" + "a " * 300_000 + "}",
    "names-within-the-characters": "{" + "a " * 49_000 + "}",
    "ids": "{ nodes(ids: [" + '"UG9zdDox" ' * 5_000 + "]) { id } }",
    "duplicates": "{" + "posts { totalCount } " * 1_500 + "}",
    "nested-fragments": "{ node(id: 1) { " + "... { " * 300 + "id" + " }" * 300 + "}}",
    "nested-lists": "{ nodes(ids: " + "[" * 300 + "]" * 300 + ") { id } }",
    "comments": "#\n" * 1_001 + "{ __typename }",
    "spaces": " " * 2**20 + "{ __typename }",
    "commas": "," * 2**20 + "{ __typename }",
    "digits": "{ posts(first: " + "1" * 2**20 + ") { totalCount } }",
    "escapes": '{ tag(name: "' + r"\n" * 2**19 + '") { id } }',
    "lines-before-mistakes": "\n" * 99_000 + "{ a b c d e f g h i j }",
}
"""Documents that are not read to their end."""

TOO_LARGE: Mapping[str, str] = {
    "doubling-flat": f"{{ posts {{ nodes {{ ...F0 }} }} }} {doubling('…', 'title')}",
    "doubling-nested": "{ posts { nodes { ...F0 } } } "
    + doubling("author { posts { nodes { … } } }", "title"),
    "aliases": "{ posts { " + " ".join(f"a{n}: totalCount" for n in range(900)) + " } }",
    "depth": "{ posts " + "{ nodes { author { posts " * 25 + "{ id }" + "}}}" * 25 + "}",
    "depth-of-the-schema": "{ __schema { types "
    + "{ fields { type " * 25
    + "{ name } "
    + "}}" * 25
    + "}}",
    "ids": "{ nodes(ids: [" + '"UG9zdDox" ' * 3_000 + "]) { id } }",
    "duplicates": "{" + "posts { totalCount } " * 900 + "}",
    "spreads": "{ node(id: 1) { ...F0 } } " + all_later(100),
    "operations": " ".join(f"query Q{n} {{ __typename }}" for n in range(51)),
    "fragments": "{ id } " + " ".join(f"fragment F{n} on Post {{ id }}" for n in range(101)),
    "operations-over-fragments": " ".join(
        f"query Q{n} {{ node(id: 1) {{ ...F0 }} }}" for n in range(50)
    )
    + all_later(100),
    "values-for-each-operation": " ".join(f"query Q{n}($a: ID!) {{ ...F }}" for n in range(50))
    + "fragment F on Query { nodes(ids: ["
    + "$a " * 999
    + "]) { id } }",
    "directives": "{ __typename " + "@include(if: true) " * 51 + "}",
}
"""Documents that unfold to more than they show, or hold more of something than anybody needs."""
