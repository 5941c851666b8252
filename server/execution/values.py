"""Expressions that resolve fields, as source, and the names in them of what is no Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MemberDescriptorType
from typing import Any, NamedTuple

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
)
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from schema.scalars import shown_moment
from schema.views import Relation, ResolverOf, declared_relation, declared_resolver_of
from server.execution.arguments import Keywords
from server.execution.handling import HandledResolver

IS_TEXT = "type({}) is str"
IS_MOMENT = "type({}) is datetime and value.tzinfo is UTC"
PASSING: Mapping[GraphQLLeafType, str] = {
    GraphQLString: IS_TEXT,
    GraphQLID: IS_TEXT,
    GraphQLBoolean: "({}) is True or value is False",
    GraphQLInt: "type({}) is int and -0x80000000 <= value <= 0x7fffffff",
}


class Value(NamedTuple):
    """An expression that resolves a field, and whether it names the place that it is for.

    What is `pure` has the same value, and only looks at a `source` of the class that is known:
    who does not like what it finds may resolve the field anew. What is `promised` is so, for such
    a source, by a function that `prepared` names once for all of them.
    """

    text: str
    names_place: bool = False
    pure: str | None = None
    promised: str | None = None
    prepared: str = ""


class Names:
    """What the source of one selection refers to, by name."""

    def __init__(self, **known: Any) -> None:
        self.globals = known  # no dict of our own, in which Python finds names more slowly

    def bind(self, value: Any) -> str:
        """Give a name to a value."""
        name = f"bound_{len(self.globals)}"
        self.globals[name] = value
        return name


class Values:
    """Writes what resolves the fields of objects, which are of one class if that is known.

    Arguments are constants, or None if each run has its own.
    """

    def __init__(self, names: Names, kind: type | None) -> None:
        self._names = names
        self._kind = kind

    def attribute(self, name: str) -> Value:
        """Read an attribute."""
        if not name.isidentifier():
            return Value(f"getattr(source, {name!r})")
        text = f"source.{name}"
        return Value(text, pure=text if has_slot(self._kind, name) else None)

    def resolver(
        self,
        resolver: StrawberryResolver[Any],
        number: int,
        constants: Keywords | None,
        declared: StrawberryField,
    ) -> Value:
        """Call one of Strawberry's resolvers with what it takes."""
        given = ["source"] if resolver.self_parameter else []
        roots = filter(None, (resolver.parent_parameter, resolver.root_parameter))
        given += sorted({f"{parameter.name}=source" for parameter in roots})  # often the same one
        if resolver.info_parameter is not None:
            given.append(f"{resolver.info_parameter.name}=FieldInfo(run, here)")
        function = resolver.wrapped_func if callable(resolver.wrapped_func) else resolver
        if constants is None:
            given.append(f"**run.arguments[{number}]")
        else:
            given += [f"{name}={self._names.bind(each)}" for name, each in constants.items()]
        value = Value(
            f"{self._names.bind(function)}({', '.join(given)})",
            names_place=resolver.info_parameter is not None,
            pure=self._pure(declared_resolver_of(declared)),
        )
        return self._promised(value, declared_relation(declared))

    def _pure(self, resolver_of: ResolverOf | None) -> str | None:
        if resolver_of is None or self._kind is None:
            return None
        return f"{self._names.bind(resolver_of(self._kind))}(source)"

    def _promised(self, value: Value, relation: Relation | None) -> Value:
        if relation is None or not has_slot(self._kind, relation.attribute):
            return value
        load_of = self._names.bind(relation.load_of)
        return value._replace(
            promised=f"load_{load_of}(source.{relation.attribute})",
            prepared=f"load_{load_of} = {load_of}(run.context)",
        )

    def handled(self, resolver: HandledResolver, number: int, constants: Keywords | None) -> Value:
        """Call a resolver with exception handlers around it."""
        given = f"run.arguments[{number}]" if constants is None else self._names.bind(constants)
        text = f"{self._names.bind(resolver)}(source, FieldInfo(run, here), {given})"
        return Value(text, names_place=True)

    def core(self, resolve: Callable[..., Any], number: int, constants: Keywords | None) -> Value:
        """Call a resolver as graphql-core does; its arguments may have any names."""
        given = f"run.arguments[{number}]" if constants is None else self._names.bind(constants)
        text = f"{self._names.bind(resolve)}(source, run.resolve_info(here), **{given})"
        return Value(text, names_place=True)


def has_slot(kind: type | None, name: str) -> bool:
    """Tell whether an attribute of a class is a slot, and to read it is no more than that."""
    return (
        kind is not None
        and kind.__getattribute__ is object.__getattribute__  # type: ignore[comparison-overlap] # both are slots
        and isinstance(getattr(kind, name, None), MemberDescriptorType)
    )


def passing(type_: GraphQLLeafType) -> str | None:
    """Write when a value of a type is in the answer as it is, if any is; with room for the value.

    It has that name from there on.
    """
    return IS_MOMENT if type_.serialize is shown_moment else PASSING.get(type_)
