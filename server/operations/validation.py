"""The rules that a document has to follow.

A literal that can't be right is named by its argument. Text that no database can keep
(NUL, half of a surrogate pair) is refused here once, so that no field has to think of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from graphql import (
    SKIP,
    ArgumentNode,
    ASTValidationRule,
    FieldNode,
    GraphQLError,
    GraphQLInputType,
    OverlappingFieldsCanBeMergedRule,
    ScalarLeafsRule,
    StringValueNode,
    ValidationRule,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    VisitorAction,
    specified_rules,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

import domain
from schema.errors import Code
from server.operations.measuring import INTROSPECTION
from server.operations.merging import MergeableFields

UNKEEPABLE_MESSAGE = "text can't have a NUL character or half of a surrogate pair in it."


class NamesValues(ValidationRule):
    """Reports what is wrong with a literal under the name of its argument or variable."""

    _name = ""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """Remember whose value follows."""
        self._name = f"Argument `{node.name.value}`"

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        """Remember whose default value may follow."""
        self._name = f"Variable `${node.variable.name.value}`"

    def report_error(self, error: GraphQLError) -> None:
        """Report it as the client's mistake."""
        extensions = {"code": Code.BAD_USER_INPUT}
        is_ours = error.original_error is None or isinstance(error.original_error, GraphQLError)
        message = f"{self._name}: {error.message if is_ours else 'no value of its type.'}"
        super().report_error(GraphQLError(message, nodes=error.nodes, extensions=extensions))


class Reported(Exception):
    """There is a mistake in a value, which has been told."""


class FittingValues(NamesValues, ValuesOfCorrectTypeRule):
    """The specification's rule that literals fit their types, which tells one mistake in each.

    For each it writes out the literal that it is in.
    """

    def is_valid_value_node(
        self, node: ValueNode, input_type: GraphQLInputType | None
    ) -> VisitorAction:
        """Look at the whole of a literal."""
        with suppress(Reported):
            super().is_valid_value_node(node, input_type)
        return SKIP

    def report_error(self, error: GraphQLError) -> None:
        """Report a mistake, and look no further."""
        super().report_error(error)
        raise Reported


class KeepableText(NamesValues):
    """Every string literal can be kept."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        """Look at one literal."""
        if not domain.is_keepable(node.value):
            self.report_error(GraphQLError(UNKEEPABLE_MESSAGE, nodes=node))


class NoIntrospection(ValidationRule):
    """The schema is not told."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Look at one field."""
        if node.name.value in INTROSPECTION:
            self.report_error(GraphQLError("Introspection is switched off here.", nodes=node))


class Leafs(ScalarLeafsRule):
    """The specification's rule of what has fields of its own, which suggests only if it may."""

    def report_error(self, error: GraphQLError) -> None:
        """Report it without the suggestion, which graphql-core makes in any case."""
        if self.context.hide_suggestions:
            error = GraphQLError(error.message.partition(" Did you mean")[0], nodes=error.nodes)
        super().report_error(error)


REPLACED: Mapping[type[ASTValidationRule], type[ASTValidationRule]] = {
    OverlappingFieldsCanBeMergedRule: MergeableFields,
    ScalarLeafsRule: Leafs,
    ValuesOfCorrectTypeRule: FittingValues,
}
RULES: tuple[type[ASTValidationRule], ...] = (
    KeepableText,
    *(REPLACED.get(rule, rule) for rule in specified_rules),
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)
"""GraphQL's own rules and Strawberry's, with ours in place of some."""
