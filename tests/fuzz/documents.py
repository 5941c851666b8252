"""Documents of every kind: valid, spoilt, nested and nonsense."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import schemathesis
from graphql import GraphQLSchema, get_introspection_query
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from schema import schema
from tests.fuzz.choices import either

CORE: GraphQLSchema = schema._schema  # noqa: SLF001 (Strawberry offers no other way)
TOKEN = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\.\.\.|[\w$@-]+|\S')
DEEP = 5_000
FEW = 20

PUNCTUATORS = [*"{}()[]:=!|&$@", "...", '"', '"""', "#", "\n", ",", "\ufeff", "\\"]
KEYWORDS = ["query", "mutation", "subscription", "fragment", "on", "true", "false", "null"]
NAMES = sorted({
    *CORE.type_map,
    *(name for type_ in CORE.type_map.values() for name in getattr(type_, "fields", {})),
    *(directive.name for directive in CORE.directives),
    *("first", "after", "input", "by", "filter", "orderBy", "if", "id", "ids"),
})  # fmt: skip
LITERALS = [
    "0",
    "-1",
    "1e999",
    "9" * 400,
    "2147483648",
    '"x"',
    '""""""',
    '"\\u{110000}"',
    '"\\ud800"',
]

EXAMPLES = [
    get_introspection_query(),
    """
    query A($n: Int = 3, $o: PostOrder) { posts(first: $n, orderBy: $o) { ...P totalCount } }
    fragment P on PostConnection { edges { cursor node { ...Q } } }
    fragment Q on Post { title author { username posts(last: 2) { nodes { slug } } } }
    """,
    """
    query B($on: Boolean!) {
      viewer @include(if: $on) { email }
      a: nodes(ids: ["VXNlcjox", "UG9zdDox"]) { __typename ... on Post { id } }
    }
    """,
    """
    mutation C($b: String! = "x") {
      addComment(input: {postId: "UG9zdDox", body: $b}) {
        ... on AddCommentPayload { comment { post { comments { totalCount } } } }
        ... on Error { message }
      }
      again: signOut
    }
    """,
    """
    query D($a: String = "member1", $b: Boolean = true) {
      user(by: {username: $a}) { ... on User @skip(if: false) { bio } }
      post(by: {slug: "of-member1"}) { excerpt(length: 3) }
      archive @include(if: $b) { year }
    }
    """,
]
OPENINGS = [
    "{a", "{viewer{posts{nodes{author", "[", "{x:", "(", "{...", "{...on Post", "@skip(if:", "$a:[",
    "{a(b:[", "{__schema{types{fields", "{node(id:{a:", "{users{nodes{posts{nodes{comments{nodes",
]  # fmt: skip
CLOSINGS = {"{": "}", "(": ")", "[": "]"}


@cache
def generated() -> SearchStrategy[str]:
    """Documents that fit the schema, and those that are made not to."""
    target = schemathesis.graphql.from_file(schema.as_str())
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    cases = [
        operation.ok().as_strategy(generation_mode=mode)
        for operation in target.get_all_operations()
        if isinstance(operation, Ok)
        for mode in modes
    ]
    return st.one_of(cases).map(lambda case: str(case.body))


def tokens() -> SearchStrategy[str]:
    """Words of the language, in an order that means nothing."""
    words = st.sampled_from([*PUNCTUATORS, *KEYWORDS, *NAMES, *LITERALS]) | st.text(max_size=FEW)
    return st.lists(words, max_size=FEW * 4).map(" ".join)


@st.composite
def nests(draw: st.DrawFn) -> str:
    """The same thing in itself, to some depth, closed or not."""
    opening = draw(st.sampled_from(OPENINGS))
    depth = draw(st.integers(1, 30) | st.integers(1, DEEP))
    closing = "".join(CLOSINGS[each] for each in reversed(opening) if each in CLOSINGS)
    head = draw(
        st.sampled_from(["", "query($a:Int)", "{a(b:", "fragment A on Post", "query Q($a:"])
    )
    return (
        head
        + opening * depth
        + draw(st.sampled_from(["", "a", "1", "{id}"]))
        + closing * (depth - draw(st.sampled_from([0, 0, 1])))
    )


@st.composite
def spoilt(draw: st.DrawFn, documents: SearchStrategy[str]) -> str:
    """Documents some of whose tokens were left out, doubled, moved, replaced or repeated often."""
    words = TOKEN.findall(draw(documents))
    for _ in range(draw(st.integers(1, 4))):
        if not words:
            break
        start = draw(st.integers(0, len(words) - 1))
        end = draw(st.integers(start, min(len(words), start + FEW)))
        others = st.sampled_from([*words, *PUNCTUATORS, *NAMES, *LITERALS])
        part = words[start:end]
        words[start:end] = draw(
            st.just([])
            | st.just(part * 2)
            | st.just(part[::-1])
            | st.integers(2, 200).map(lambda times, part=part: part * times)  # type: ignore[misc] # a default
            | st.lists(others, max_size=3)
        )
    return " ".join(words)


@st.composite
def slips(draw: st.DrawFn, documents: SearchStrategy[str]) -> str:
    """Documents with a slip: a name misspelt or endless, a selection left out or one too many."""
    words = TOKEN.findall(draw(documents))
    names = [place for place, word in enumerate(words) if word.isidentifier()]
    place = draw(st.sampled_from(names or [0]))
    kind = draw(st.sampled_from(["name", "without", "with"]))
    if kind == "name":
        words[place] = draw(misspelt(words[place]))
    elif kind == "with":
        words[place] += draw(st.sampled_from(["{id}", "(first: 1)", "(a: 1)", ": id", " @skip"]))
    elif "{" in words[place:]:
        start = words.index("{", place)
        del words[start : end_of_block(words, start)]
    return " ".join(words)


def end_of_block(words: list[str], start: int) -> int:
    """Find where a block ends that a brace begins."""
    depth = 0
    for place in range(start, len(words)):
        depth += (words[place] == "{") - (words[place] == "}")
        if depth == 0:
            return place + 1
    return len(words)


def misspelt(text: str) -> SearchStrategy[str]:
    """Words that are nearly this one, or very long ones."""
    nearly = [text[:-1], text[1:], text + "s", text.swapcase(), text[::-1], text * 100]
    return st.sampled_from([*nearly, f"{text} " * 100, "x" * 600])


def any_document() -> SearchStrategy[str]:
    """Documents of every kind."""
    valid = either(st.sampled_from(EXAMPLES), generated())
    return either(valid, slips(valid), spoilt(valid), tokens(), nests())


@st.composite
def introspecting(draw: st.DrawFn) -> str:
    """Valid documents that ask for the schema, in one place or another."""
    alias = draw(st.sampled_from(["", "a:", "viewer:", "__typename:"]))
    field = draw(st.sampled_from([
        "__schema{queryType{name}}", "__schema{types{name}}", '__type(name:"Post"){name}',
        '__type(name:"Nothing"){fields{name}}',
    ]))  # fmt: skip
    directive = draw(
        st.sampled_from(["", "@include(if:true)", "@skip(if:true)", "@include(if:$b)"])
    )
    name, brace, rest = field.partition("{")
    asked = f"{alias}{name}{directive}{brace}{rest}"
    wrapped = draw(st.sampled_from([
        "%s", "...{%s}", "...on Query{%s}", "...@include(if:true){%s}", "...F",
    ]))  # fmt: skip
    selected = wrapped % asked if "%" in wrapped else wrapped
    fragment = f" fragment F on Query{{{asked}}}" if selected == "...F" else ""
    declared = "($b:Boolean=true)" if "$b" in asked else ""
    return f"query Q{declared}{{{selected}}}{fragment}"


def variables() -> SearchStrategy[dict[str, Any]]:
    """Values for variables that may be there or not."""
    names = st.sampled_from(["n", "o", "on", "b", "a", "input", "it"]) | st.text(max_size=3)
    return st.dictionaries(names, st.none() | st.booleans() | json_values(), max_size=4)


@cache
def json_values() -> SearchStrategy[Any]:
    """JSON of any shape."""
    floats = st.floats(allow_nan=False, allow_infinity=False)
    plain = st.none() | st.booleans() | st.integers() | floats | st.text(max_size=FEW)
    return st.recursive(
        plain,
        lambda values: (
            st.lists(values, max_size=5)
            | st.dictionaries(st.text(max_size=5) | st.sampled_from(NAMES), values, max_size=5)
        ),
        max_leaves=FEW,
    )


def nearly(value: Any) -> SearchStrategy[Any]:
    """Values like this one, but for a name or a text in it."""
    if isinstance(value, str):
        return misspelt(value)
    if isinstance(value, list) and value:
        return st.sampled_from(value).flatmap(nearly).map(lambda item: [item])
    if isinstance(value, dict) and value:
        key = st.sampled_from([*value])
        within = key.flatmap(lambda key: nearly(value[key]).map(lambda new: {**value, key: new}))
        return within | key.flatmap(misspelt).map(lambda other: {**value, other: 1})
    return json_values()
