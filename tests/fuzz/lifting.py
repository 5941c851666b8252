"""Documents with variables and directives, made of documents without."""

from __future__ import annotations

from typing import Any

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    NameNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_nullable_type,
    parse,
    parse_type,
    print_ast,
    value_from_ast_untyped,
    visit,
)
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.fuzz.documents import CORE, json_values, nearly

ONE_IN_FOUR = st.integers(0, 3).map(lambda n: n == 0)


@st.composite
def lifted(draw: st.DrawFn, documents: SearchStrategy[str]) -> tuple[str, dict[str, Any]]:
    """A document some of whose values became variables, and values for these.

    Each has its old value as its default or not, and is given that, null, anything or nothing.
    """
    types = TypeInfo(CORE)
    lifting = Lifting(draw, types)
    document: DocumentNode = visit(parse(draw(documents)), TypeInfoVisitor(types, lifting))
    given: dict[str, Any] = {}
    for name, (_, literal) in lifting.lifted.items():
        old = value_from_ast_untyped(literal)
        if not draw(ONE_IN_FOUR):
            given[name] = draw(st.none() | st.just(old) | nearly(old) | json_values())
    return print_ast(document), given


class Lifting(Visitor):
    """Makes the changes, and remembers what is to be declared."""

    def __init__(self, draw: st.DrawFn, types: TypeInfo) -> None:
        super().__init__()
        self._draw = draw
        self._types = types
        self.lifted: dict[str, tuple[object, Any]] = {}

    def enter_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        """Say of some fields that they are included."""
        if node.directives or not self._draw(ONE_IN_FOUR):
            return None
        condition = ArgumentNode(name=NameNode(value="if"), value=BooleanValueNode(value=True))
        directive = DirectiveNode(name=NameNode(value="include"), arguments=(condition,))
        return FieldNode(
            alias=node.alias,
            name=node.name,
            arguments=node.arguments,
            directives=(directive,),
            selection_set=node.selection_set,
        )

    def leave_argument(self, node: ArgumentNode, *_: Any) -> ArgumentNode | None:
        """Put variables in the place of some values."""
        argument = self._types.get_argument()
        if argument is None or not self._draw(st.booleans()):
            return None
        name = f"v{len(self.lifted)}"
        type_ = get_nullable_type(argument.type) if self._draw(st.booleans()) else argument.type
        self.lifted[name] = type_, node.value
        return ArgumentNode(name=node.name, value=VariableNode(name=NameNode(value=name)))

    def leave_operation_definition(
        self, node: OperationDefinitionNode, *_: Any
    ) -> OperationDefinitionNode:
        """Declare them."""
        definitions = tuple(
            VariableDefinitionNode(
                variable=VariableNode(name=NameNode(value=name)),
                type=parse_type(str(type_)),
                default_value=literal if self._draw(st.booleans()) else None,
            )
            for name, (type_, literal) in self.lifted.items()
        )
        return OperationDefinitionNode(
            operation=node.operation,
            name=node.name,
            variable_definitions=definitions,
            directives=node.directives,
            selection_set=node.selection_set,
        )
