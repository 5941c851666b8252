"""Any operation that a schema allows, and its variables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    OperationType,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_introspection_type,
    is_object_type,
)
from hypothesis import strategies as st

from tests.server.execution.choices import CHOICES, Choices
from tests.server.execution.values import Make, Values, Variables

Fields: TypeAlias = Sequence[tuple[str, GraphQLField]]

MOST = 18  # fields in an operation
DEEP_INTROSPECTION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A schema, and what is special about values in it: by type, or `Type.field.argument`."""

    schema: GraphQLSchema
    special: Mapping[str, Make] = field(default_factory=dict)
    mutations: Sequence[str] = ()
    """Those that may be asked for; queries alone if there are none."""

    percent: int = 15
    """How many of the operations are mutations, if there are any."""

    depth: int = 4

    def fields(self, type_: GraphQLNamedType) -> tuple[Fields, Fields]:
        """The fields with nothing beneath them, and those with something."""
        leaves: list[tuple[str, GraphQLField]] = []
        parents: list[tuple[str, GraphQLField]] = []
        root = self.schema.mutation_type
        for name, each in getattr(type_, "fields", {}).items():
            if type_ is not root or name in self.mutations:
                chosen = parents if is_composite_type(get_named_type(each.type)) else leaves
                chosen.append((name, each))
        return leaves, parents

    def conditions(self, type_: GraphQLNamedType) -> Sequence[GraphQLNamedType]:
        """The types that an object may be of, or be called, where it is of this one."""
        possible = self.possible(type_)
        return [
            each
            for each in self.schema.type_map.values()
            if is_composite_type(each)
            and not is_introspection_type(each)
            and possible & self.possible(each)
        ]

    def possible(self, type_: GraphQLNamedType) -> set[str]:
        """The names of the types of objects."""
        if is_abstract_type(type_):
            return {each.name for each in self.schema.get_possible_types(type_)}
        return {type_.name}


class Grammar:
    """A language, with what is asked of it often remembered."""

    def __init__(self, language: Language) -> None:
        self.language = language
        types = [each for each in language.schema.type_map.values() if is_composite_type(each)]
        self.fields = {each.name: language.fields(each) for each in types}
        self.conditions = {each.name: [*language.conditions(each)] or [each] for each in types}

    def operations(self) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
        """Documents of one operation each, with variables."""
        return CHOICES.map(lambda choices: Writing(self, choices).operation())


class Writing:
    """An operation that is being written."""

    def __init__(self, grammar: Grammar, choices: Choices) -> None:
        self._grammar = grammar
        self._language = grammar.language
        self._choices = choices
        self._variables = Variables()
        self._values = Values(choices, self._variables, grammar.language.special)
        self._fragments: list[tuple[str, GraphQLNamedType, str]] = []
        self._keys: dict[str, tuple[str, str, str]] = {}
        self._chosen: dict[str, list[tuple[str, GraphQLField, str]]] = defaultdict(list)
        self._left = MOST

    def operation(self) -> tuple[str, dict[str, Any]]:
        """Write it out, and give values for its variables."""
        kind = OperationType.QUERY
        if self._language.mutations and self._choices.happens(self._language.percent):
            kind = OperationType.MUTATION
        root = self._language.schema.get_root_type(kind)
        assert root is not None
        selections = self._selections(root, self._language.depth)
        lines = [f"{kind.value} Q{self._variables.declared()} {selections}"]
        lines += [f"fragment {name} on {on} {what}" for name, on, what in self._fragments]
        return "\n".join(lines), self._variables.values

    def _selections(self, type_: GraphQLNamedType, depth: int) -> str:
        """What could be selected of a type, in braces."""
        count = 1 + self._choices.below(4)
        chosen = [self._selection(type_, depth) for _ in range(count)]
        return "{ " + " ".join(chosen) + " }"

    def _selection(self, type_: GraphQLNamedType, depth: int) -> str:
        kind = self._choices.below(100)
        leaves, parents = self._grammar.fields[type_.name]
        may_go_deeper = depth > 0 and self._left > 0
        may_branch = may_go_deeper and not is_introspection_type(type_)
        if kind >= 88 and may_branch:
            return self._inline(type_, depth)
        if kind >= 78 and may_branch:
            return self._spread(type_, depth)
        if kind >= 76 and type_ is self._language.schema.query_type:
            return self._introspection()
        if kind < 72 and (leaves or (parents and may_go_deeper)):
            return self._field(type_, depth)
        if kind < 72 and is_abstract_type(type_) and may_branch:
            return self._inline(type_, depth)
        return f"__typename{self._directives()}"

    def _field(self, type_: GraphQLNamedType, depth: int) -> str:
        leaves, parents = self._grammar.fields[type_.name]
        goes_deeper = parents and depth > 0 and self._left > 0
        again = [
            each
            for each in self._chosen[type_.name]
            if goes_deeper or not is_composite_type(get_named_type(each[1].type))
        ]
        if again and self._choices.happens(25):
            name, definition, arguments = self._choices.one_of(again)
        else:
            fields = (
                parents if goes_deeper and (not leaves or self._choices.happens(45)) else leaves
            )
            name, definition = self._choices.one_of(fields or parents)
            arguments = self._arguments(f"{type_.name}.{name}", definition)
            self._chosen[type_.name].append((name, definition, arguments))
        return self._written(name, definition, arguments, depth - 1)

    def _written(self, name: str, definition: GraphQLField, arguments: str, depth: int) -> str:
        self._left -= 1
        key = self._key(name, arguments, str(definition.type))
        alias = "" if key == name else f"{key}: "
        type_ = get_named_type(definition.type)
        directives = self._directives()
        inner = f" {self._selections(type_, depth)}" if is_composite_type(type_) else ""
        return f"{alias}{name}{arguments}{directives}{inner}"

    def _key(self, name: str, arguments: str, type_: str) -> str:
        """Choose a response key that others have only if they may be merged."""
        wanted = self._choices.one_of(["a", "b"]) if self._choices.happens(15) else name
        key, number = wanted, 0
        while self._keys.setdefault(key, (name, arguments, type_)) != (name, arguments, type_):
            number += 1
            key = f"{wanted}{number}"
        return key

    def _arguments(self, where: str, definition: GraphQLField) -> str:
        given = {
            name: self._values.argument(each.type, each, f"{where}.{name}")
            for name, each in definition.args.items()
        }
        parts = [f"{name}: {value}" for name, value in given.items() if value is not None]
        return f"({', '.join(parts)})" if parts else ""

    def _inline(self, type_: GraphQLNamedType, depth: int) -> str:
        self._left -= 1
        on = self._choices.one_of([type_, *self._grammar.conditions[type_.name]])
        condition = "" if on is type_ and self._choices.happens(50) else f" on {on}"
        directives = self._directives()
        return f"...{condition}{directives} {self._selections(on, depth)}"

    def _spread(self, type_: GraphQLNamedType, depth: int) -> str:
        conditions = self._grammar.conditions[type_.name]
        there = [name for name, on, _ in self._fragments if on in conditions]
        if there and self._choices.happens(50):
            name = self._choices.one_of(there)
        else:
            self._left -= 1
            on = self._choices.one_of([type_, *conditions])
            selections = self._selections(on, depth)
            name = f"F{len(self._fragments)}"
            self._fragments.append((name, on, selections))
        return f"...{name}{self._directives()}"

    def _introspection(self) -> str:
        if self._choices.happens(20):
            return self._written("__schema", SchemaMetaFieldDef, "", DEEP_INTROSPECTION)
        names = [
            each.name
            for each in self._language.schema.type_map.values()
            if not is_object_type(each)
        ]
        arguments = f'(name: "{self._choices.one_of([*names, "Query", "Nope"])}")'
        return self._written("__type", TypeMetaFieldDef, arguments, DEEP_INTROSPECTION)

    def _directives(self) -> str:
        """Nothing most of the time, or one condition or both."""
        if not self._choices.happens(14):
            return ""
        names = self._choices.one_of(
            [["include"], ["skip"], ["skip", "include"], ["include", "skip"]]
        )
        return "".join(f" @{name}(if: {self._condition(name)})" for name in names)

    def _condition(self, name: str) -> str:
        value = (name == "include") is not self._choices.happens(30)
        match self._choices.below(10):
            case 0 | 1 | 2:
                return self._variables.declare("Boolean!", value)
            case 3:
                return self._variables.declare("Boolean", default=value)
            case 4:
                given = self._choices.one_of([value, value, value, None])
                return self._variables.declare("Boolean", given, default=not value)
        return str(value).lower()
