"""To find out whether fields can be merged takes work in proportion to the document."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server.operations.merging import MAX_VISITS
from tests.server.operations.merging.documents import examined


def chain(n: int) -> str:
    """Fragments that each spread the next one twice, a level deeper."""
    links = (
        f"fragment F{each} on User {{ next {{ ...F{each + 1} }} x: next {{ id ...F{each + 1} }} }}"
        for each in range(n)
    )
    return f"{{ user {{ ...F0 }} }} {' '.join(links)} fragment F{n} on User {{ id }}"


def alike(n: int) -> str:
    """Fragments that all select the same."""
    names = " ".join(f"x{each}: id" for each in range(20))
    fragments = " ".join(f"fragment F{each} on User {{ {names} }}" for each in range(n))
    return f"{{ user {{ {' '.join(f'...F{each}' for each in range(n))} }} }} {fragments}"


def alternatives(n: int) -> str:
    """Fields of an interface beside those of objects, again and again."""
    objects = " ".join(
        f"... on {name} {{ next {{ title }} }}" for name in ("Post", "Comment", "Note")
    )
    return f"{{ hit {{ {f'... on Node {{ next {{ id }} }} {objects} ' * n} }} }}"


HOSTILE = {
    "copies of a leaf": lambda n: f"{{ post {{ {'id ' * n} }} }}",
    "copies of a list": lambda n: f"{{ {'hits { ... on Post { author { id } } } ' * n} }}",
    "copies of arguments": lambda n: f"{{ {'node(by: {slug: 1, tags: [a, b]}) { id } ' * n} }}",
    "aliases": lambda n: f"{{ post {{ {' '.join(f'x{each}: id' for each in range(n))} }} }}",
    "aliases of a fragment": lambda n: (
        f"{{ {' '.join(f'x{each}: user {{ ...F }}' for each in range(n))} }}"
        f" fragment F on User {{ {' '.join(f'x{each}: id' for each in range(n))} }}"
    ),
    "one alias of many fields": lambda n: f"{{ post {{ {'x: id x: title ' * n} }} }}",
    "depth": lambda n: f"{{ user {'{ next ' * (n // 4)} {{ id }} {'}' * (n // 4)} }}",
    "a fragment chain that doubles": chain,
    "fragments of the same names": alike,
    "an interface beside objects": alternatives,
}


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE.keys())
def test_twice_the_document_takes_twice_the_work(document: Callable[[int], str]) -> None:
    """A request of a few kilobytes may not cost seconds."""
    looks, _ = examined(document(100))
    twice_the_looks, _ = examined(document(200))

    assert looks <= 2 * len(document(100).split())
    assert twice_the_looks <= 2 * looks + 10
    assert twice_the_looks < MAX_VISITS


def subsets(n: int) -> str:
    """Fragments that meet in another combination at each of 2**n places."""
    marks = (
        f"fragment M{since}_{level} on User {{"
        f" x: next {{ ...M{since}_{level + 1} }} y: next {{ ...M{since}_{level + 1} }} id }}"
        for since in range(n)
        for level in range(since + 1, n)
    )
    levels = (
        f"fragment F{each} on User {{"
        f" x: next {{ ...F{each + 1} ...M{each}_{each + 1} }} y: next {{ ...F{each + 1} }} id }}"
        for each in range(n)
    )
    return f"{{ user {{ ...F0 }} }} {' '.join(levels)} {' '.join(marks)}"


def crowd(n: int) -> str:
    """A large fragment that meets something else in each of many places."""
    places = " ".join(f"x{each}: user {{ ...F y{each}: id }}" for each in range(n))
    return (
        f"{{ {places} }} fragment F on User {{ {' '.join(f'z{each}: id' for each in range(n))} }}"
    )


@pytest.mark.parametrize(
    "document", [pytest.param(subsets(13), id="subsets"), pytest.param(crowd(400), id="crowd")]
)
def test_work_that_would_not_be_linear_is_refused(document: str) -> None:
    """What combinations can make large has an end, and the client is told which."""
    looks, errors = examined(document)

    assert looks <= MAX_VISITS + len(document.split())
    (error,) = errors
    assert error.extensions == {"code": "QUERY_TOO_COMPLEX"}


def test_an_honest_document_is_far_from_the_end() -> None:
    """Sixty posts with everything, each with a part of its own, are no attack."""
    parts = " ".join(f"x{each}: post {{ ...P author {{ ...U likes }} id }}" for each in range(60))
    document = f"""
        {{ {parts} }}
        fragment P on Post {{ id title likes tags written kind cover {{ ...I }} author {{ ...U }} }}
        fragment U on User {{ id name likes friends {{ id name }} }}
        fragment I on Image {{ url size }}
    """

    looks, errors = examined(document)

    assert errors == [] and looks < MAX_VISITS / 10


def test_depth_is_safe() -> None:
    """Neither what a parser lets through nor what fragments make of it may end in a crash."""
    size = 150
    nested = "next { ... on Node { " * (size // 2) + "x: id" + " } }" * (size // 2)
    value = "[" * size + "1" + "]" * size
    document = f"""
        {{ node(by: {value}) {{ ...F0 }} node(by: {value}) {{ ...F0 }} }}
        {" ".join(f"fragment F{n} on Node {{ next {{ ...F{n + 1} }} }}" for n in range(size))}
        fragment F{size} on Node {{ {nested} x: title }}
    """

    looks, errors = examined(document)

    assert errors == [] and looks <= 20 + 6 * size
