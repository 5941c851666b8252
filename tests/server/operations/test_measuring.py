"""Measuring is right, and takes no longer than reading does."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import fields, replace

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)
from hypothesis import given as given_any
from hypothesis import strategies as st

from schema.errors import BadRequest
from server.operations import OperationLimits
from server.operations.limits import TooComplex
from server.operations.measuring import Measure, Meter
from tests.server.operations.documents import TOO_LARGE, TOO_LONG, refusal

FRAGMENTS = 4
ENDLESS = OperationLimits(**{limit.name: 10**40 for limit in fields(OperationLimits)})


@pytest.mark.parametrize("name", TOO_LONG)
def test_a_long_document_is_not_read_to_its_end(name: str) -> None:
    """Reading is what takes longest of all that is done with one."""
    message = refusal(TOO_LONG[name])

    assert message.endswith("Parsing aborted.") or re.search("(characters|lines) in the", message)


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_large_document_is_refused_before_it_is_validated(name: str) -> None:
    """Each of them is valid, or takes long to be found invalid."""
    assert re.match(r"Too many |The fields are nested too deeply", refusal(TOO_LARGE[name]))


@pytest.mark.parametrize("name", TOO_LARGE)
def test_nothing_is_looked_at_twice(name: str) -> None:
    """Whatever a document unfolds to: 2^20 for the chains, and 6 * 10^23 for the spreads."""
    document = parse(TOO_LARGE[name])
    meter = Meter(ENDLESS)

    with suppress(TooComplex):  # it adds up at the end what it saw
        meter.check(document)

    assert 0 < meter.visited < document.token_count


@st.composite
def selections(draw: st.DrawFn, later: int, depth: int = 3) -> str:
    """Some fields and fragments, of which those are spread that come `later`."""
    chosen = []
    for _ in range(draw(st.integers(1, 3))):
        directive = draw(st.sampled_from(["", " @a", " @a @b"]))
        kind = draw(st.sampled_from(["field", "object", "inline", "spread"]))
        inner = "f"
        if kind in {"object", "inline"} and depth:
            inner = draw(selections(later, depth - 1))
        if kind == "inline":
            chosen.append(f"...{directive} {{ {inner} }}")
        elif kind == "spread" and later < FRAGMENTS:
            chosen.append(f"...F{draw(st.integers(later, FRAGMENTS - 1))}{directive}")
        else:
            alias = draw(st.sampled_from(["", "x: "]))
            beneath = f" {{ {inner} }}" if kind == "object" else ""
            chosen.append(f"{alias}f{directive}{beneath}")
    return " ".join(chosen)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document whose fragments spread each other, and come to an end."""
    fragments = [
        f"fragment F{n} on Q {{ {draw(selections(later=n + 1))} }}" for n in range(FRAGMENTS)
    ]
    return " ".join([f"{{ {draw(selections(later=0))} }}", *draw(st.permutations(fragments))])


def unfold(within: SelectionSetNode, fragments: dict[str, SelectionSetNode]) -> Measure:
    """Measure what a selection set unfolds to, by unfolding it."""
    measure = Measure()
    for node in within.selections:
        measure.selections += 1
        measure.directives += len(node.directives or ())
        if isinstance(node, FragmentSpreadNode):
            measure.add(unfold(fragments[node.name.value], fragments))
        elif isinstance(node, InlineFragmentNode):
            measure.add(unfold(node.selection_set, fragments))
        elif isinstance(node, FieldNode):
            beneath = unfold(node.selection_set, fragments) if node.selection_set else Measure()
            measure.add_field(node, beneath)
    return measure


@given_any(documents())
def test_what_is_measured_once_counts_wherever_it_is_spread(document: str) -> None:
    """The limits that a document just keeps are those of what it unfolds to, by every way."""
    node = parse(document)
    (operation,) = (n for n in node.definitions if isinstance(n, OperationDefinitionNode))
    fragments = {
        each.name.value: each.selection_set
        for each in node.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    naive = unfold(operation.selection_set, fragments)
    found = {
        "root_fields": naive.roots,
        "depth": naive.depth,
        "selections": naive.selections,
        "aliases": naive.aliases,
        "directives": naive.directives,
    }

    Meter(replace(ENDLESS, **found)).check(node)

    for limit, bound in found.items():
        if bound:
            with pytest.raises(BadRequest):
                Meter(replace(ENDLESS, **{limit: bound - 1})).check(node)
