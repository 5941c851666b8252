"""Values that can't be right, refused before anything runs and by the name they were given.

A literal is named by its argument, and a value in the request's variables by
its variable. Text that no database can keep (NUL, half of a surrogate pair) is
refused here once, so that no field has to think of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    ArgumentNode,
    ASTValidationRule,
    GraphQLError,
    StringValueNode,
    ValidationRule,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    specified_rules,
)
from strawberry.extensions import SchemaExtension

import domain
from schema.errors import BadRequest, Code

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


class FittingValues(NamesValues, ValuesOfCorrectTypeRule):
    """The specification's rule that literals fit their types."""


class KeepableText(NamesValues):
    """Every string literal can be kept."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        """Look at one literal."""
        if not domain.is_keepable(node.value):
            self.report_error(GraphQLError(UNKEEPABLE_MESSAGE, nodes=node))


RULES: tuple[type[ASTValidationRule], ...] = (
    KeepableText,
    *(FittingValues if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules),
)


class InputChecks(SchemaExtension):
    """Validates documents by these rules, and looks at the texts among the variables."""

    def on_validate(self) -> Iterator[None]:
        """Run before the document is validated; an error found here stands for its."""
        self.execution_context.validation_rules = RULES
        variables = self.execution_context.variables or {}
        self.execution_context.pre_execution_errors = [
            BadRequest(f"Variable `${name}`: {UNKEEPABLE_MESSAGE}")
            for name, value in variables.items()
            if not texts_are_keepable(value)
        ] or None
        yield


def texts_are_keepable(value: Any) -> bool:
    """Tell whether every text in a JSON value can be kept; takes nesting of any depth."""
    pending = [value]
    while pending:
        match pending.pop():
            case str() as text if not domain.is_keepable(text):
                return False
            case list() as items:
                pending.extend(items)
            case dict() as fields:
                pending.extend([*fields.keys(), *fields.values()])
    return True
