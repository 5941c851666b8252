"""Compiling selections: of each on an object type, a function that does nothing but read it.

Which fields are selected may depend on variables, by @skip and @include, so an operation is
compiled for some values of these.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLObjectType,
    GraphQLOutputType,
    default_field_resolver,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from schema.views import declaration_of
from server.execution.arguments import Keywords, Read, constant
from server.execution.completing import of_abstract, of_leaf, of_list
from server.execution.executors import Definition
from server.execution.facts import SchemaFacts
from server.execution.handling import HandledResolver
from server.execution.places import Field, Position
from server.execution.running import Complete
from server.execution.source import Select, Source
from server.execution.templates import template_of
from server.execution.values import Value


class Unsupported(Exception):
    """There are no plans for this: `@defer`, `@stream`, or arguments of fragments."""


class Compiler:
    """Compiles the selections of one operation."""

    def __init__(
        self, facts: SchemaFacts, definition: Definition, variables: VariableValues
    ) -> None:
        self._facts = facts
        self._definition = definition
        self._variables = variables
        self.readers: list[tuple[Field, Read]] = []
        """The fields compiled so far, by number, and how the arguments of each are read."""

    def root(self, type_: GraphQLObjectType, *, is_serial: bool) -> list[Select]:
        """Compile the fields of the root, each alone if they run one by one.

        Raises `Unsupported`, or `GraphQLError` and `RecursionError` as graphql-core does.
        """
        found = collect_fields(
            self._facts.core,
            self._definition.fragment_details,
            self._variables,
            type_,
            self._definition.node,
            not self._facts.suggests,
        )
        fields = fields_of(found)
        parts = [{key: details} for key, details in fields.items()] if is_serial else [fields]
        return [self._source(type_, part).select() for part in parts]

    def _selection(self, type_: GraphQLObjectType, details: FieldDetailsList) -> Source:
        found = collect_subfields(
            self._facts.core,
            self._definition.fragment_details,
            self._variables,
            self._definition.node,
            type_,
            details,
            not self._facts.suggests,
        )
        return self._source(type_, fields_of(found))

    def _source(self, type_: GraphQLObjectType, fields: GroupedFieldSet) -> Source:
        source = Source(type_, self._facts.kind_of(type_))
        for key, details in fields.items():
            name = details[0].node.name.value
            definition = self._facts.core.get_field(type_, name)
            if name == "__typename":
                source.write_constant(key, type_.name)
            elif definition is not None:
                field = Field(
                    number=len(self.readers),
                    definition=definition,
                    parent_type=type_,
                    details=details,
                    declared=declaration_of(definition),
                    template=template_of(definition, details[0].node),
                )
                self._write(source, key, field)
        return source

    def _write(self, source: Source, key: str, field: Field) -> None:
        type_ = field.definition.type
        position = Position(field, is_nullable=not is_non_null_type(type_))
        value = self._value(source, field)
        bare = get_nullable_type(type_)
        if is_leaf_type(bare):
            source.write_leaf(key, value, bare, self._facts.coercion(bare), position)
        else:
            source.write_other(key, value, position, self._completion(type_, position))

    def _value(self, source: Source, field: Field) -> Value:
        """Tell how a field is resolved; where nothing is around a resolver, it is called itself."""
        declared, reader = field.declared, self._facts.reader
        if declared is None or not self._facts.is_bare(declared):
            resolve = field.definition.resolve or default_field_resolver
            return source.values.core(resolve, field.number, self._arguments(field, reader.coerced))
        if handlers := self._facts.handlers(declared):
            converters = reader.converters(declared)
            resolver = HandledResolver(declared, handlers, converters)
            return source.values.handled(
                resolver, field.number, self._arguments(field, reader.coerced)
            )
        arguments = self._arguments(field, reader.converted)
        if declared.base_resolver is None:
            return source.values.attribute(declared.python_name)
        return source.values.resolver(declared.base_resolver, field.number, arguments, declared)

    def _arguments(self, field: Field, read: Read) -> Keywords | None:
        """Read a field's arguments if they are constant; None if each run has to."""
        self.readers.append((field, read))
        return constant(field, read) if field.definition.args else {}

    def _completion(self, type_: GraphQLOutputType, position: Position) -> Complete:
        """Tell how values of a type are completed."""
        details = position.field.details
        bare: Any = get_nullable_type(type_)
        if is_list_type(bare):
            items = Position(
                position.field, is_nullable=not is_non_null_type(bare.of_type), is_item=True
            )
            item = get_nullable_type(bare.of_type)
            if is_object_type(item):
                return self._selection(item, details).each(items, position)
            return of_list(self._completion(bare.of_type, items), items, position)
        if is_leaf_type(bare):
            return of_leaf(self._facts.coercion(bare), position)
        if is_abstract_type(bare):
            completions = {
                each.name: self._selection(each, details).one(position)
                for each in self._facts.core.get_possible_types(bare)
            }
            return of_abstract(bare, completions, position)
        return self._selection(bare, details).one(position)


def fields_of(found: CollectedFields) -> GroupedFieldSet:
    """Return the fields that were collected; raises `Unsupported` if they take more than that."""
    fields = found.grouped_field_set
    if found.new_defer_usages or any(
        each.fragment_variable_values is not None for details in fields.values() for each in details
    ):
        raise Unsupported
    return fields
