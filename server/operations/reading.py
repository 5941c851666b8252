"""What an operation needs of what is heavy to read: the rest need not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_interface_type,
    is_object_type,
    visit,
)

import domain
from schema.views import InstanceOf, declaration_of, declared_reads, is_cursor

ByField: TypeAlias = Mapping[tuple[str, str], frozenset[str]]


class HeavyReads:
    """What of `domain.HEAVY` each field of a schema needs."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._by_field: dict[tuple[str, str], frozenset[str]] = {}
        self._by_item: dict[str, frozenset[str]] = {}
        for type_ in schema.type_map.values():
            if isinstance(type_, GraphQLObjectType) and isinstance(type_.is_type_of, InstanceOf):
                self._add(type_, type_.is_type_of)
        self._cursors = frozenset(
            (type_.name, name)
            for type_ in schema.type_map.values()
            if is_object_type(type_) or is_interface_type(type_)
            for name, field in type_.fields.items()
            if (declared := declaration_of(field)) is not None and is_cursor(declared)
        )

    def needed_by(self, document: DocumentNode) -> frozenset[str]:
        """Name what any operation of a valid document may need."""
        finder = Finder(TypeInfo(self._schema), self._by_field, self._cursors, self._by_item)
        visit(document, TypeInfoVisitor(finder.type_info, finder))
        return frozenset(finder.found)

    def _add(self, type_: GraphQLObjectType, view: InstanceOf) -> None:
        """Look at the fields of a type behind which there is an entity."""
        kind = view.kind.__name__
        everything = frozenset(each for each in domain.HEAVY if each.startswith(f"{kind}."))
        self._by_item[type_.name] = (
            everything if view.orders is None else heavy(kind, (each.value for each in view.orders))
        )
        for name, field in type_.fields.items():
            declared = declaration_of(field)
            attributes = None if declared is None else declared_reads(declared)
            read = everything if attributes is None else heavy(kind, attributes)
            for shown in (type_, *type_.interfaces):
                key = shown.name, name
                self._by_field[key] = self._by_field.get(key, frozenset()) | read


class Finder(Visitor):
    """Looks through a document for fields that need what is heavy."""

    def __init__(
        self,
        type_info: TypeInfo,
        by_field: ByField,
        cursors: frozenset[tuple[str, str]],
        by_item: Mapping[str, frozenset[str]],
    ) -> None:
        super().__init__()
        self.type_info = type_info
        self.found = set[str]()
        self._by_field = by_field
        self._cursors = cursors
        self._by_item = by_item
        self._parents: list[GraphQLNamedType] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.type_info.get_parent_type()
        assert parent is not None  # noqa: S101 (the document is valid)
        self._parents.append(parent)
        field = parent.name, node.name.value
        self.found.update(self._by_field.get(field, ()))
        if field in self._cursors:
            self.found.update(self._position())

    def leave_field(self, *_: Any) -> None:
        self._parents.pop()

    def _position(self) -> Iterable[str]:
        """Name what the cursors of the list are made of, or all that any are: it may be unknown."""
        for parent in reversed(self._parents):
            for name in ("node", "nodes"):
                field = getattr(parent, "fields", {}).get(name)
                item = "" if field is None else get_named_type(field.type).name
                if item in self._by_item:
                    return self._by_item[item]
        return frozenset().union(*self._by_item.values())


def heavy(kind: str, attributes: Iterable[str]) -> frozenset[str]:
    """Name those of an entity's attributes that are heavy."""
    return domain.HEAVY.intersection(f"{kind}.{each}" for each in attributes)
