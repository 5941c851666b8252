"""Fields of one response name are one field, or refused, and to find out takes linear work."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from graphql import (
    GraphQLError,
    OverlappingFieldsCanBeMergedRule,
    TypeInfo,
    ValidationContext,
    build_schema,
    parse,
    validate,
    visit,
)
from hypothesis import given as given_any
from hypothesis import strategies as st

from server.operations.merging import MAX_VISITS, MergeableFields

SCHEMA = build_schema("""
    type Query { node(id: ID, by: By): Node, post: Post, hit: Hit, hits: [Hit!]!, user: User }
    input By { slug: String, year: Int, tags: [String] }
    interface Node { id: ID!, title(size: Int): String, author: User, next: Node, likes: Int }
    type Post implements Node {
        id: ID!, title(size: Int): String, author: User, next: Node, likes: Int!
        tags: [String], written: String, cover: Image, kind: Kind
    }
    type Comment implements Node {
        id: ID!, title(size: Int): String, author: User!, next: Comment, likes: Int
        tags: [String!], written: Int, cover: [Image], kind: String, image: Image, file: File
    }
    type Note implements Node {
        id: ID!, title(size: Int): String, author: User, next: Node, likes: Int, cover: File
    }
    type User { id: ID!, name: String!, likes: Int, next: User, friends: [User!] }
    type Image { url: String!, size: Int }
    type File { url: String, size: Float }
    enum Kind { STORY NEWS }
    union Hit = Post | Comment | Note
""")

MERGEABLE = {
    "same field": "{ post { id id } }",
    "same alias of one field": "{ post { x: id x: id } }",
    "same arguments": "{ node(id: 1) { id } node(id: 1) { title } }",
    "arguments in another order": "{ x: node(id: 1, by: {}) { id } x: node(by: {}, id: 1) { id } }",
    "input fields in another order": (
        "{ node(by: {slug: 1, year: 2}) { id } node(by: {year: 2, slug: 1}) { id } }"
    ),
    "same variable": "query ($n: Int) { post { title(size: $n) title(size: $n) } }",
    "different directives": "{ post { id @include(if: true) id @skip(if: false) } }",
    "different fields under different aliases": "{ post { x: id y: title } }",
    "different fields of different objects": (
        "{ hit { ... on Post { x: title } ... on Comment { x: kind } } }"
    ),
    "different arguments of different objects": (
        "{ hit { ... on Post { title(size: 1) } ... on Comment { title(size: 2) } } }"
    ),
    "different fields below different objects": (
        "{ hit { ... on Post { author { x: id } } ... on Note { author { x: id } } } }"
    ),
    "objects of different types and one shape": (
        "{ hit { ... on Post { cover { url } } ... on Comment { cover: image { url } } } }"
    ),
    "different fields of one shape, deep in different objects": (
        "{ hit { ... on Comment { x: image { y: url } } ... on Post { x: author { y: name } } } }"
    ),
    "a list with its fields in two parts": "{ hits { ...F } hits { ... on Post { id } } }"
    " fragment F on Post { id title }",
    "a fragment, and the same fields": "{ post { id ...F } } fragment F on Post { id }",
    "a fragment that spreads itself": "{ post { ...F } } fragment F on Post { id next { ...F } }",
    "fragments that spread each other": (
        "{ post { ...F } } fragment F on Post { id ...G } fragment G on Post { ...F id }"
    ),
    "an unknown fragment": "{ post { ...Gone id } }",
    "an unknown type": "{ post { ... on Gone { id } id } }",
    "an unknown field and one of any shape": (
        "{ hit { ... on Post { x: gone } ... on Comment { x: tags } } }"
    ),
    "a leaf with selections": "{ post { id { x } id { y: x } } }",
    "an object without selections": "{ post { author author { id } } }",
    "an operation that the schema lacks": "mutation { x: a x: a }",
    "a definition that is none of an operation": "type Post { id: ID } { post { id } }",
}

CONFLICTING = {
    "different fields": "{ post { x: id x: title } }",
    "a field under the name of another": "{ post { title title: id } }",
    "different arguments": "{ post { title(size: 1) title(size: 2) } }",
    "an argument and none": "{ post { title(size: 1) title } }",
    "arguments of different names": "{ node(id: 1) { id } node(by: 1) { id } }",
    "a value and a variable": "query ($n: Int) { post { title(size: 1) title(size: $n) } }",
    "different variables": "query ($n: Int) { post { title(size: $n) title(size: $m) } }",
    "a number and its text": '{ post { title(size: 1) title(size: "1") } }',
    "a number and null": "{ post { title(size: 1) title(size: null) } }",
    "different lists": "{ node(by: {tags: [a, b]}) { id } node(by: {tags: [b, a]}) { id } }",
    "different fields, in nested selections": "{ post { next { x: id } next { x: title } } }",
    "different fields, deep in merged selections": (
        "{ post { next { next { x: id } } } post { next { id next { x: title } } } }"
    ),
    "a field and a fragment": "{ post { x: id ...F } } fragment F on Post { x: title }",
    "two fragments": (
        "{ post { ...F ...G } } fragment F on Post { x: id } fragment G on Post { x: title }"
    ),
    "fragments in fragments": (
        "{ post { next { ...F } } post { next { ...G } } } fragment F on Node { ...H }"
        " fragment G on Node { x: title } fragment H on Node { x: id }"
    ),
    "a fragment that nobody spreads": "{ post { id } } fragment F on Post { x: id x: title }",
    "a fragment that spreads itself": (
        "{ post { ...F next { x: title } } } fragment F on Post { x: id next { ...F } }"
    ),
    "an inline fragment of the same type": "{ post { x: id ... on Post { x: title } } }",
    "an interface and an object": "{ node { x: id ... on Post { x: title } } }",
    "an object, beside another, and an interface": (
        "{ hit { ... on Post { x: id } ... on Comment { x: id } ... on Node { x: title } } }"
    ),
    "one of two objects and an interface, below": (
        "{ hit { ... on Post { next { title(size: 1) } } ... on Note { next { title } }"
        " ... on Node { next { title } } } }"
    ),
    "later copies only": (
        "{ hit { ... on Note { id } } hit { ... on Post { x: kind } }"
        " hit { ... on Comment { x: kind } } }"
    ),
    "leaves of different types": "{ hit { ... on Post { written } ... on Comment { written } } }",
    "null and non-null": "{ hit { ... on Post { likes } ... on Comment { likes } } }",
    "an item and a list": (
        "{ hit { ... on Post { cover { url } } ... on Comment { cover { url } } } }"
    ),
    "lists of null and non-null": "{ hit { ... on Post { tags } ... on Comment { tags } } }",
    "a leaf and an object": "{ hit { ... on Post { x: id } ... on Comment { x: image { url } } } }",
    "shapes below different objects": (
        "{ hit { ... on Comment { x: image { size } } ... on Note { x: cover { size } } } }"
    ),
    "an interface's type and an object's, of one name": (
        "{ node { author { id } ... on Comment { author { id } } } }"
    ),
    "unknown fields": "{ post { x: gone x: away } }",
    "below unknown fields": "{ gone { x: id } gone { x: title } }",
    "below an unknown type": "{ ... on Gone { x: id x: title } }",
    "an unknown type and an object": "{ post { x: id ... on Gone { x: title } } }",
}


def errors_of(document: str) -> list[GraphQLError]:
    """What the rule reports, and whether it does at all is as graphql-core's rule has it."""
    ours = validate(SCHEMA, parse(document), [MergeableFields])
    theirs = validate(SCHEMA, parse(document), [OverlappingFieldsCanBeMergedRule])
    assert bool(ours) is bool(theirs), document
    return ours


def examined(document: str) -> tuple[int, list[GraphQLError]]:
    """How many looks the rule takes, and what it reports."""
    errors: list[GraphQLError] = []
    parsed = parse(document)
    rule = MergeableFields(ValidationContext(SCHEMA, parsed, TypeInfo(SCHEMA), errors.append))
    visit(parsed, rule)
    return rule.visited, errors


@pytest.mark.parametrize("document", MERGEABLE.values(), ids=MERGEABLE.keys())
def test_fields_that_agree_are_merged(document: str) -> None:
    """A client composes what its parts need, and the parts may need the same."""
    assert errors_of(document) == []


@pytest.mark.parametrize("document", CONFLICTING.values(), ids=CONFLICTING.keys())
def test_fields_that_differ_are_refused_once(document: str) -> None:
    """One name of the response can't have two answers, and one mistake is one error."""
    assert len(errors_of(document)) == 1


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{ post { x: id\nx: title } }", "'id' and 'title' are different fields"),
        ("{ post { x: title\nx: title(size: 1) } }", "they have different arguments"),
        (
            "{ hit { ... on Post { x: tags }\n... on Comment { x: tags } } }",
            "their types '[String]' and '[String!]' don't fit",
        ),
    ],
)
def test_a_conflict_says_why_where_and_what_helps(document: str, reason: str) -> None:
    """The two fields may stand in files far apart."""
    (error,) = errors_of(document)

    assert error.message == (
        f"Fields 'x' conflict: {reason}. Give one of them another name by an alias."
    )
    assert [each.line for each in error.locations or []] == [1, 2]


def test_a_conflict_is_reported_once_wherever_it_is_spread() -> None:
    """A fragment is wrong once, in however many places it is used."""
    document = """
        { post { ...F next { ...F id } } node { ...F title next { ...F } } }
        fragment F on Node { x: id x: title }
    """

    assert len(errors_of(document)) == 1


def test_a_name_is_reported_once_however_many_fields_share_it() -> None:
    """A thousand errors of one mistake help nobody."""
    fields = " ".join(["x: id", "x: title"] * 50)

    assert len(errors_of(f"{{ post {{ {fields} }} }}")) == 1


def test_fields_of_an_interface_conflict_with_those_of_the_object_that_differ() -> None:
    """The objects may differ from each other: the pair that is shown has to be the wrong one."""
    document = """
        { hit {
            ... on Post { x: id }
            ... on Comment { x: title }
            ... on Node { x: id }
        } }
    """

    (error,) = errors_of(document)

    assert [each.line for each in error.locations or []] == [5, 4]


def test_depth_is_safe() -> None:
    """Neither what a parser lets through nor what fragments make of it may end in a crash."""
    size = 150
    nested = "next { ... on Node { " * (size // 2) + "x: id" + " } }" * (size // 2)
    value = "[" * size + "1" + "]" * size
    document = f"""
        {{ node(by: {value}) {{ ...F0 }} node(by: {value}) {{ ...F0 }} }}
        {" ".join(f"fragment F{n} on Node {{ next {{ ...F{n + 1} }} }}" for n in range(size))}
        fragment F{size} on Node {{ {nested} x: title }}
    """

    looks, errors = examined(document)

    assert errors == [] and looks <= 20 + 6 * size


ARGUMENTS = st.sampled_from(
    [
        *[""] * 20,
        *["(size: 1)", "(size: 2)", "(size: $n)", '(size: "1")', '(size: """1""")'],
        *[
            "(by: {year: 1, tags: []}, id: 1)",
            "(id: 1, by: {tags: [], year: 1})",
            "(by: {year: 1})",
        ],
    ]
)
ALIASES = st.sampled_from([*[""] * 10, "x: ", "y: ", "next: ", "likes: "])
LEAVES = ["id", "title", "likes", "tags", "written", "kind", "name", "size", "__typename", "gone"]
OBJECTS = ["node", "post", "hit", "hits", "user", "author", "next", "cover", "image", "file"]
SPREADS = st.sampled_from(["...F", "...G", "...H", "...Gone"])
CONDITIONS = st.sampled_from(
    ["", *[f"on {name}" for name in ["Query", "Node", "Hit", "User", "Image", "Int", "Gone"]]]
    + ["on Post", "on Comment", "on Note"] * 5
)


def a_selection_set(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A few selections in braces."""
    return st.lists(inner, min_size=1, max_size=3).map(lambda each: f"{{ {' '.join(each)} }}")


def a_field(names: list[str], rest: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A field, and it may not exist where it stands."""
    return st.tuples(ALIASES, st.sampled_from(names), ARGUMENTS, rest).map("".join)


def a_parent(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A field or a fragment with selections."""
    selection_set = a_selection_set(inner)
    inline = st.tuples(CONDITIONS, selection_set).map(lambda each: f"... {' '.join(each)}")
    return a_field(OBJECTS, selection_set) | inline | a_field(LEAVES, selection_set) | inline


SELECTIONS = a_selection_set(
    st.recursive(a_field(LEAVES, st.just("")) | SPREADS, a_parent, max_leaves=12)
)


@st.composite
def a_document(draw: st.DrawFn) -> str:
    """An operation and fragments over the schema, as valid as chance has it."""
    below = draw(st.sampled_from(["", "hit ", "hit ", "node "]))
    operation = f"{{ {below}{draw(SELECTIONS)} }}" if below else draw(SELECTIONS)
    fragments = [
        f"fragment {name} {draw(CONDITIONS.filter(bool))} {draw(SELECTIONS)}"
        for name in draw(st.sampled_from(["", "F", "FG", "FGH"]))
    ]
    return " ".join([operation, *fragments])


@given_any(a_document())
def test_what_is_refused_is_what_the_specification_refuses(document: str) -> None:
    """Clients are tested against other servers, and tools against graphql-core's rule."""
    errors = errors_of(document)

    assert not any(error.extensions for error in errors)


def chain(n: int) -> str:
    """Fragments that each spread the next one twice, a level deeper."""
    links = (
        f"fragment F{each} on User {{ next {{ ...F{each + 1} }} x: next {{ id ...F{each + 1} }} }}"
        for each in range(n)
    )
    return f"{{ user {{ ...F0 }} }} {' '.join(links)} fragment F{n} on User {{ id }}"


def alike(n: int) -> str:
    """Fragments that all select the same."""
    names = " ".join(f"x{each}: id" for each in range(20))
    fragments = " ".join(f"fragment F{each} on User {{ {names} }}" for each in range(n))
    return f"{{ user {{ {' '.join(f'...F{each}' for each in range(n))} }} }} {fragments}"


def alternatives(n: int) -> str:
    """Fields of an interface beside those of objects, again and again."""
    objects = " ".join(
        f"... on {name} {{ next {{ title }} }}" for name in ("Post", "Comment", "Note")
    )
    return f"{{ hit {{ {f'... on Node {{ next {{ id }} }} {objects} ' * n} }} }}"


HOSTILE = {
    "copies of a leaf": lambda n: f"{{ post {{ {'id ' * n} }} }}",
    "copies of a list": lambda n: f"{{ {'hits { ... on Post { author { id } } } ' * n} }}",
    "copies of arguments": lambda n: f"{{ {'node(by: {slug: 1, tags: [a, b]}) { id } ' * n} }}",
    "aliases": lambda n: f"{{ post {{ {' '.join(f'x{each}: id' for each in range(n))} }} }}",
    "aliases of a fragment": lambda n: (
        f"{{ {' '.join(f'x{each}: user {{ ...F }}' for each in range(n))} }}"
        f" fragment F on User {{ {' '.join(f'x{each}: id' for each in range(n))} }}"
    ),
    "one alias of many fields": lambda n: f"{{ post {{ {'x: id x: title ' * n} }} }}",
    "depth": lambda n: f"{{ user {'{ next ' * (n // 4)} {{ id }} {'}' * (n // 4)} }}",
    "a fragment chain that doubles": chain,
    "fragments of the same names": alike,
    "an interface beside objects": alternatives,
}


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE.keys())
def test_twice_the_document_takes_twice_the_work(document: Callable[[int], str]) -> None:
    """A request of a few kilobytes may not cost seconds."""
    looks, _ = examined(document(100))
    twice_the_looks, _ = examined(document(200))

    assert looks <= 2 * len(document(100).split())
    assert twice_the_looks <= 2 * looks + 10
    assert twice_the_looks < MAX_VISITS


def subsets(n: int) -> str:
    """Fragments that meet in another combination at each of 2**n places."""
    marks = (
        f"fragment M{since}_{level} on User {{"
        f" x: next {{ ...M{since}_{level + 1} }} y: next {{ ...M{since}_{level + 1} }} id }}"
        for since in range(n)
        for level in range(since + 1, n)
    )
    levels = (
        f"fragment F{each} on User {{"
        f" x: next {{ ...F{each + 1} ...M{each}_{each + 1} }} y: next {{ ...F{each + 1} }} id }}"
        for each in range(n)
    )
    return f"{{ user {{ ...F0 }} }} {' '.join(levels)} {' '.join(marks)}"


def crowd(n: int) -> str:
    """A large fragment that meets something else in each of many places."""
    places = " ".join(f"x{each}: user {{ ...F y{each}: id }}" for each in range(n))
    return f"{{ {places} }} fragment F on User {{ {' '.join(f'z{n}: id' for n in range(n))} }}"


@pytest.mark.parametrize(
    "document", [pytest.param(subsets(13), id="subsets"), pytest.param(crowd(400), id="crowd")]
)
def test_work_that_would_not_be_linear_is_refused(document: str) -> None:
    """What combinations can make large has an end, and the client is told which."""
    looks, errors = examined(document)

    assert looks <= MAX_VISITS + len(document.split())
    (error,) = errors
    assert error.extensions == {"code": "QUERY_TOO_COMPLEX"}


def test_an_honest_document_is_far_from_the_end() -> None:
    """Sixty posts with everything, each with a part of its own, are no attack."""
    parts = " ".join(f"x{each}: post {{ ...P author {{ ...U likes }} id }}" for each in range(60))
    document = f"""
        {{ {parts} }}
        fragment P on Post {{ id title likes tags written kind cover {{ ...I }} author {{ ...U }} }}
        fragment U on User {{ id name likes friends {{ id name }} }}
        fragment I on Image {{ url size }}
    """

    looks, errors = examined(document)

    assert errors == [] and looks < MAX_VISITS / 10
