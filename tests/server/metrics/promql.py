"""What an expression of PromQL leans on, and whether a scrape has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import promql_parser as promql

from tests.server.metrics.scraping import Scraped

OF_TARGETS = {"job", "instance"}  # which Prometheus adds to each series
OF_PROMETHEUS = {"up": OF_TARGETS}  # which it makes itself


def complaints(expression: str, told: Scraped) -> list[str]:
    """Say what an expression names that a scrape has not; raises `ValueError` if it is none."""
    known = told.labels() | OF_PROMETHEUS
    parsed = promql.parse(expression)
    found = []
    for selector in selectors_in(parsed):
        labels = known.get(selector.name)
        if labels is None:
            found.append(f"no metric {selector.name}")
            continue
        for matcher in selector.matchers.matchers:
            if matcher.name not in labels | OF_TARGETS:
                found.append(f"no label {matcher.name} of {selector.name}")
            elif is_exact(matcher) and matcher.value not in told.values_of(matcher.name):
                found.append(f"no {matcher.name} is {matcher.value}")
    found += (f"no label {label} to group by" for label in unknown_groups(parsed, known))
    return found


def unknown_groups(parsed: Any, known: dict[str, set[str]]) -> Iterator[str]:
    """Name labels that are grouped by, and that nothing beneath has."""
    for node in nodes_in(parsed):
        if isinstance(node, promql.AggregateExpr) and node.modifier is not None:
            names = {each.name for each in selectors_in(node.expr)}
            beneath = OF_TARGETS.union(*(known.get(name, ()) for name in names))
            yield from (label for label in node.modifier.labels if label not in beneath)


def is_exact(matcher: Any) -> bool:
    return matcher.op == promql.MatchOp.Equal and matcher.name not in OF_TARGETS


def selectors_in(parsed: Any) -> list[Any]:
    """Find all that select series."""
    return [each for each in nodes_in(parsed) if isinstance(each, promql.VectorSelector)]


def nodes_in(parsed: Any) -> list[Any]:
    """Find all parts of an expression."""
    found: list[Any] = []
    promql.walk(parsed, found.append)
    return found
