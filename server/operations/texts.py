"""The long texts that an operation asks for: what it does not ask for need not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)

from schema.sizes import text_read


class LongTexts:
    """The fields of a schema that are made of long texts, each of which has a name: `Post.body`."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._by_field = defaultdict[tuple[str, str], set[str]](set)
        for type_ in schema.type_map.values():
            if isinstance(type_, GraphQLObjectType):
                self._add(type_)

    def read_by(self, document: DocumentNode) -> frozenset[str]:
        """Name the texts that any operation of a valid document may show."""
        finder = TextFinder(TypeInfo(self._schema), self._by_field)
        visit(document, TypeInfoVisitor(finder.type_info, finder))
        return frozenset(finder.found)

    def _add(self, type_: GraphQLObjectType) -> None:
        for name, field in type_.fields.items():
            attribute = text_read(field)
            if attribute is not None:
                for shown in (type_, *type_.interfaces):
                    self._by_field[shown.name, name].add(f"{type_.name}.{attribute}")


class TextFinder(Visitor):
    """Looks for fields that are made of long texts."""

    def __init__(self, type_info: TypeInfo, by_field: Mapping[tuple[str, str], set[str]]) -> None:
        super().__init__()
        self.type_info = type_info
        self.found = set[str]()
        self._by_field = by_field

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.type_info.get_parent_type()
        if parent is not None:
            self.found.update(self._by_field.get((parent.name, node.name.value), ()))
