"""Amounts that may depend on variables: computed at once as far as they can be.

What is left is a function of the variables, and takes time linear in the document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, TypeAlias

from graphql import BooleanValueNode, IntValueNode, ListValueNode, ValueNode, VariableNode


@dataclass(slots=True)
class Variables:
    """The variables of a request, and the amounts that were computed with them already."""

    values: Mapping[str, Any]
    computed: dict[Callable[[Variables], int], int] = field(default_factory=dict)


Amount: TypeAlias = int | Callable[[Variables], int]


def value_of(node: ValueNode | None, variables: Variables) -> Any:
    """Read as much of a value as costs depend on."""
    if isinstance(node, VariableNode):
        return variables.values.get(node.name.value)
    if isinstance(node, IntValueNode):
        return int(node.value)
    if isinstance(node, BooleanValueNode):
        return node.value
    return node.values if isinstance(node, ListValueNode) else node


def depending(values: Iterable[ValueNode | None], compute: Callable[[Variables], int]) -> Amount:
    """Compute at once, or for each request if a value is a variable's."""
    return (
        compute
        if any(isinstance(each, VariableNode) for each in values)
        else compute(Variables({}))
    )


def total(amounts: Iterable[Amount]) -> Amount:
    """Add amounts."""
    return combined(sum, amounts)


def product(*amounts: Amount) -> Amount:
    """Multiply amounts; with a 0, whatever the others are."""
    return 0 if 0 in amounts else combined(prod, amounts)


def largest(amounts: Iterable[Amount]) -> Amount:
    """Take the largest amount, or 0 of none."""
    return combined(lambda numbers: max(numbers, default=0), amounts)


def remembered(amount: Amount) -> Amount:
    """Compute an amount once for each request."""
    if isinstance(amount, int):
        return amount

    def compute(variables: Variables) -> int:
        if amount not in variables.computed:
            variables.computed[amount] = amount(variables)
        return variables.computed[amount]

    return compute


def combined(combine: Callable[[list[int]], int], amounts: Iterable[Amount]) -> Amount:
    """Combine what is known at once; put off only what depends on variables."""
    numbers, functions = [], []
    for amount in amounts:
        if isinstance(amount, int):
            numbers.append(amount)
        else:
            functions.append(amount)
    known = combine(numbers)
    if not functions:
        return known
    if len(functions) == 1 and known == combine([]):  # which changes nothing
        return functions[0]

    def compute(variables: Variables) -> int:
        computed = [known]
        for each in functions:  # in this frame: there are many within each other
            computed.append(each(variables))  # noqa: PERF401 (as above)
        return combine(computed)

    return compute
