"""Variables, read as their types, which are found once for an operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    coerce_input_value,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource


class VariableTypes:
    """The variables of one operation."""

    def __init__(self, schema: GraphQLSchema, node: OperationDefinitionNode) -> None:
        self._signatures = list[GraphQLVariableSignature]()
        for definition in node.variable_definitions or ():
            signature = get_variable_signature(schema, definition)
            if isinstance(signature, GraphQLError):  # which validation has ruled out
                raise signature
            self._signatures.append(signature)

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | None:
        """Read the values that are given; None if there is more to it than that.

        Defaults and mistakes are for graphql-core's `get_variable_values`.
        """
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature in self._signatures:
            name, type_ = signature.name, signature.type
            if name in given:
                coerced[name] = coerce_input_value(given[name], type_)
                if coerced[name] is Undefined:
                    return None
                sources[name] = VariableValueSource(signature, given[name])
            elif signature.default is not None or is_non_null_type(type_):
                return None
            else:
                sources[name] = VariableValueSource(signature)
        return VariableValues(sources, coerced)
