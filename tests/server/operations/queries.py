"""Any query that the schema allows, and its variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
)
from hypothesis import strategies as st

from schema import schema
from tests.factories import global_id

CORE = schema._schema  # noqa: SLF001 (Strawberry offers no other way)
KEYS = range(1, 30)
IDS = st.builds(
    global_id, st.sampled_from(["User", "Post", "Comment", "Tag"]), st.sampled_from(KEYS)
)
POST_IDS = st.builds(global_id, st.just("Post"), st.sampled_from(KEYS))
REQUIRED: Mapping[str, st.SearchStrategy[str]] = {
    "Query.node": st.builds('id: "{}"'.format, IDS),
    "Query.nodes": st.lists(IDS.map('"{}"'.format), max_size=4).map(
        lambda ids: f"ids: [{' '.join(ids)}]"
    ),
    "Query.post": st.builds('by: {{id: "{}"}}'.format, POST_IDS),
    "Query.user": st.just('by: {username: "ada"}'),
    "Query.tag": st.just('name: "a"'),
}
"""The arguments of fields that can't be without."""


@dataclass(slots=True)
class Query:
    """A query in the making."""

    variables: dict[str, Any] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    fragments: list[tuple[str, str, str]] = field(default_factory=list)
    aliases: int = 0

    def alias(self) -> str:
        """Name a field as no other is named, so that they need not be alike."""
        self.aliases += 1
        return f"a{self.aliases}"

    def variable(self, type_: str, value: Any, default: str = "") -> str:
        """Declare a variable, and give it a value unless that is `...`."""
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {type_}{default}")
        if value is not ...:
            self.variables[name] = value
        return f"${name}"

    def fragment(self, type_name: str, selection: str) -> str:
        """Define a fragment, and spread it."""
        name = f"F{len(self.fragments)}"
        self.fragments.append((name, type_name, selection))
        return f"...{name}"

    def document(self, selection: str) -> str:
        """Write it out."""
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        fragments = (f"fragment {name} on {on} {{ {what} }}" for name, on, what in self.fragments)
        return "\n".join([f"query Q{declared} {{ {selection} }}", *fragments])


@st.composite
def queries(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A document, and variables for it."""
    query = Query()
    root = CORE.query_type
    assert root is not None
    document = query.document(draw(selections(query, root, depth=5)))
    return document, query.variables


@st.composite
def selections(draw: st.DrawFn, query: Query, type_: GraphQLNamedType, depth: int) -> str:
    """What could be selected of a type."""
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
    fields = [
        (name, each)
        for name, each in type_.fields.items()
        if depth or not is_composite_type(get_named_type(each.type))
    ]
    chosen = ["__typename"]
    if fields:
        for name, each in draw(st.lists(st.sampled_from(fields), min_size=1, max_size=3)):
            chosen.append(draw(selected(query, f"{type_.name}.{name}", each, depth - 1)))
    if isinstance(type_, GraphQLInterfaceType):
        for each_type in draw(st.permutations(CORE.get_possible_types(type_)))[:2]:
            inner = draw(selections(query, each_type, depth))
            chosen.append(f"... on {each_type.name} {{ {inner} }}")
    earlier = [name for name, on, _ in query.fragments if on == type_.name]
    is_spread = draw(st.booleans())
    if earlier and is_spread:
        chosen.append(f"...{draw(st.sampled_from(earlier))}")
    selection = " ".join(chosen)
    match draw(st.integers(0, 4)):
        case 0:
            return query.fragment(type_.name, selection)
        case 1:
            return f"... {draw(directives(query))} {{ {selection} }}"
    return selection


@st.composite
def selected(draw: st.DrawFn, query: Query, name: str, definition: GraphQLField, depth: int) -> str:
    """A field, with what is selected of it."""
    arguments = draw(REQUIRED[name]) if name in REQUIRED else ""
    if "first" in definition.args:
        arguments = draw(page_sizes(query))
    given = f"({arguments})" if arguments else ""
    type_ = get_named_type(definition.type)
    inner = ""
    if is_composite_type(type_):
        inner = f"{{ {draw(selections(query, type_, max(depth, 0)))} }}"
    return f"{query.alias()}: {name.partition('.')[2]}{given} {draw(directives(query))} {inner}"


@st.composite
def page_sizes(draw: st.DrawFn, query: Query) -> str:
    """The arguments of a connection, in each way that they can be given."""
    argument, size = draw(st.sampled_from(["first", "last"])), draw(st.integers(0, 3))
    match draw(st.integers(0, 6)):
        case 0:
            return f"{argument}: {query.variable('Int', size)}"
        case 1:
            return f"{argument}: {query.variable('Int', ..., f' = {size}')}"
        case 2:
            return f"{argument}: {query.variable('Int', None)}"
    return f"{argument}: {size}"


@st.composite
def directives(draw: st.DrawFn, query: Query) -> str:
    """Nothing most of the time, or a condition."""
    if draw(st.integers(0, 3)):
        return ""
    name, is_in = draw(st.sampled_from(["include", "skip"])), draw(st.booleans())
    condition = query.variable("Boolean!", is_in) if draw(st.booleans()) else str(is_in).lower()
    return f"@{name}(if: {condition})"
