"""How much a document asks for, found by going through it once.

A fragment counts wherever it is spread and is measured once, so the time it takes is
linear in the document, whatever that would unfold to. The document need not be valid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
)

from server.operations.limits import MAX_VALUES, OperationLimits, TooDeep, check_most

INTROSPECTION = {"__schema", "__type"}


@dataclass(slots=True)
class Measure:
    """What a selection set holds, with all that it spreads."""

    roots: int = 0
    depth: int = 0
    selections: int = 0
    aliases: int = 0
    directives: int = 0
    values: int = 0

    def add(self, other: Measure) -> None:
        """Count what is selected beside it."""
        self.roots += other.roots
        self.depth = max(self.depth, other.depth)
        self.selections += other.selections
        self.aliases += other.aliases
        self.directives += other.directives
        self.values += other.values

    def add_field(self, field: FieldNode, beneath: Measure) -> None:
        """Count a field that is selected beside it, and what is selected of that."""
        self.roots += 1
        if field.name.value not in INTROSPECTION:
            self.depth = max(self.depth, beneath.depth + 1)
        self.selections += beneath.selections
        self.aliases += beneath.aliases + (field.alias is not None)
        self.directives += beneath.directives
        self.values += beneath.values


class Meter:
    """Measures a document, and refuses it by raising `BadRequest`."""

    def __init__(self, limits: OperationLimits) -> None:
        self._limits = limits
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._measured: dict[str, Measure] = {}
        self.visited = 0
        """How many selections and values were looked at: what measuring takes."""

    def check(self, document: DocumentNode) -> None:
        """Measure every operation of a document."""
        operations = []
        for definition in document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                self._fragments[definition.name.value] = definition
            elif isinstance(definition, OperationDefinitionNode):
                operations.append(definition)
        check_most("operations", len(operations), self._limits.operations)
        check_most("fragments", len(self._fragments), self._limits.fragments)
        values = sum(self._check_operation(operation) for operation in operations)
        check_most("values in arguments", values, MAX_VALUES)

    def _check_operation(self, operation: OperationDefinitionNode) -> int:
        """Measure one operation, and tell how many values are in its arguments."""
        limits = self._limits
        measure = self._selections(operation.selection_set, 0, limits.depth)
        directives = measure.directives + self._directives(operation)
        for variable in operation.variable_definitions or ():
            directives += self._directives(variable)
            if variable.default_value:
                self._values_in(variable.default_value)
        if operation.operation is OperationType.MUTATION:
            check_most("mutations", measure.roots, limits.mutations, operation)
        check_most("fields at the root", measure.roots, limits.root_fields, operation)
        check_most("fields and fragments", measure.selections, limits.selections, operation)
        check_most("aliases", measure.aliases, limits.aliases, operation)
        check_most("directives", directives, limits.directives, operation)
        return measure.values

    def _selections(self, within: SelectionSetNode, depth: int, deepest: int) -> Measure:
        measure = Measure()
        for node in unfolded(within):
            self.visited += 1
            measure.selections += 1
            measure.directives += self._directives(node)
            if isinstance(node, FieldNode):
                measure.add_field(node, self._beneath(node, depth, deepest))
                measure.values += self._values(node.arguments)
            elif isinstance(node, FragmentSpreadNode):
                measure.add(self._fragment(node, depth, deepest))
        return measure

    def _beneath(self, field: FieldNode, depth: int, deepest: int) -> Measure:
        if field.name.value in INTROSPECTION:
            depth, deepest = 0, self._limits.introspection_depth
        if depth >= deepest:
            raise TooDeep("The fields are", deepest, field)
        if field.selection_set is None:
            return Measure()
        return self._selections(field.selection_set, depth + 1, deepest)

    def _fragment(self, spread: FragmentSpreadNode, depth: int, deepest: int) -> Measure:
        name = spread.name.value
        measure = self._measured.get(name)
        if measure is None:
            fragment = self._fragments.get(name)
            # One that is spread within itself counts for nothing there: it is not valid.
            self._measured[name] = measure = Measure()
            if fragment is not None:
                measure = self._selections(fragment.selection_set, depth, deepest)
                self._measured[name] = measure
        if depth + measure.depth > deepest:
            raise TooDeep("The fields are", deepest, spread)
        return measure

    def _directives(self, node: Any) -> int:
        if not node.directives:
            return 0
        for directive in node.directives:
            self._values(directive.arguments)
        return len(node.directives)

    def _values(self, arguments: Iterable[Any] | None) -> int:
        return sum(self._values_in(argument.value) for argument in arguments or ())

    def _values_in(self, value: ValueNode) -> int:
        """Count a value and those within it, and see that no list is too long."""
        pending, found = [value], 0
        while pending:
            value = pending.pop()
            found += 1
            if isinstance(value, ListValueNode):
                check_most("elements in a list", len(value.values), self._limits.list_length, value)
                pending.extend(value.values)
            elif isinstance(value, ObjectValueNode):
                pending.extend(field.value for field in value.fields)
        self.visited += found
        return found


def unfolded(within: SelectionSetNode) -> Iterator[Node]:
    """Give the fields and spreads of a selection set, those in inline fragments among them."""
    pending = [*within.selections]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, InlineFragmentNode):
            pending.extend(node.selection_set.selections)
