"""The values of variables as they come, before they are read as their types."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import domain
from schema.errors import BadRequest
from server.operations.limits import MAX_VALUES, OperationLimits, TooDeep, check_most
from server.operations.validation import UNKEEPABLE_MESSAGE


def check_variables(variables: Mapping[str, Any], limits: OperationLimits) -> None:
    """Refuse text that no database can keep, too many values, long lists and deep nesting.

    Raises `BadRequest`. Goes by a loop and not by recursion, so that depth is no attack.
    """
    found = len(variables)
    check_most("values in variables", found, MAX_VALUES)
    for name, value in variables.items():
        if not domain.is_keepable(name):
            raise BadRequest(f"The name of a variable: {UNKEEPABLE_MESSAGE}")
        pending: list[tuple[Any, int]] = [(value, 0)]
        while pending:
            each, depth = pending.pop()
            if isinstance(each, str):
                if not domain.is_keepable(each):
                    raise BadRequest(f"Variable `${name}`: {UNKEEPABLE_MESSAGE}")
            elif isinstance(each, list | dict):
                if depth == limits.variables_depth:
                    raise TooDeep(f"Variable `${name}` is", limits.variables_depth)
                inner = parts(each, name, limits)
                found += len(inner)
                check_most("values in variables", found, MAX_VALUES)
                pending.extend((part, depth + 1) for part in inner)


def parts(value: list[Any] | dict[str, Any], name: str, limits: OperationLimits) -> Collection[Any]:
    """Give the elements of a list, or the keys and values of an object."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    check_most(f"elements in a list of `${name}`", len(value), limits.list_length)
    return value
