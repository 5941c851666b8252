"""What a document selects, read once and in the form that conflicts are looked for in."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from operator import itemgetter

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NamedTypeNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
)


@dataclass(eq=False, slots=True)
class Field:
    """A field as it is written, with what there is to compare."""

    node: FieldNode
    response_name: str
    asks: Hashable
    """Its name and arguments."""
    type: GraphQLOutputType | None
    owner: GraphQLObjectType | None
    """The only objects it can be of; None if its parent is abstract, or unknown."""
    selections: Selections | None = None
    """What is selected below it, once that has been read."""


@dataclass(eq=False, slots=True)
class Selections:
    """What a selection set has, with that of its inline fragments."""

    fields: list[Field]
    spreads: list[str]


class Reader:
    """Reads selection sets, each once.

    What a document names and the schema lacks has the type None, and so have `__typename` and the
    fields of introspection, for graphql-core's rule compares their shapes with nothing.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._argument_lists: dict[Hashable, Hashable] = {}

    def operation(self, node: OperationDefinitionNode) -> Selections:
        """Read what an operation selects."""
        return self._read(node.selection_set, self._schema.get_root_type(node.operation))

    def fragment(self, node: FragmentDefinitionNode) -> Selections:
        """Read what a fragment selects."""
        return self._read(node.selection_set, self._type_named(node.type_condition))

    def below(self, field: Field) -> Selections | None:
        """Read what is selected below a field, if anything is."""
        if field.selections is None and field.node.selection_set is not None:
            field.selections = self._read(field.node.selection_set, get_named_type(field.type))
        return field.selections

    def _read(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None) -> Selections:
        fields: list[Field] = []
        spreads: dict[str, None] = {}
        pending = deque([(selection_set, parent)])
        while pending:
            selection_set, parent = pending.popleft()
            for node in selection_set.selections:
                if isinstance(node, FieldNode):
                    fields.append(self._field(node, parent))
                elif isinstance(node, FragmentSpreadNode):
                    spreads[node.name.value] = None
                elif isinstance(node, InlineFragmentNode):
                    condition = node.type_condition
                    inner = self._type_named(condition) if condition else parent
                    pending.append((node.selection_set, inner))
        return Selections(fields, list(spreads))

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Field:
        name = node.name.value
        definition: GraphQLField | None = None
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            definition = parent.fields.get(name)
        return Field(
            node=node,
            response_name=node.alias.value if node.alias else name,
            asks=(name, self._arguments(node.arguments) if node.arguments else ()),
            type=definition.type if definition else None,
            owner=parent if isinstance(parent, GraphQLObjectType) else None,
        )

    def _arguments(self, nodes: Iterable[ArgumentNode]) -> Hashable:
        """Read arguments in any order; equal ones are one object, so comparing them is quick."""
        key = tuple(
            sorted(((each.name.value, meaning(each.value)) for each in nodes), key=itemgetter(0))
        )
        return self._argument_lists.setdefault(key, key)

    def _type_named(self, node: NamedTypeNode) -> GraphQLNamedType | None:
        return self._schema.get_type(node.name.value)


def meaning(value: ValueNode) -> Hashable:
    """Make literals comparable: the order of an object's fields says nothing."""
    match value:
        case VariableNode():
            return value.kind, value.name.value
        case ListValueNode():
            return value.kind, tuple([meaning(each) for each in value.values])
        case ObjectValueNode():
            fields = [(each.name.value, meaning(each.value)) for each in value.fields]
            return value.kind, tuple(sorted(fields, key=itemgetter(0)))
        case StringValueNode():
            return value.kind, value.value, bool(value.block)
        case NullValueNode():
            return value.kind
        case _:
            return value.kind, getattr(value, "value", None)
