"""Whatever the document, the rule refuses what graphql-core's rule refuses."""

from __future__ import annotations

from hypothesis import given as given_any
from hypothesis import strategies as st

from tests.server.operations.merging.documents import errors_of

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
