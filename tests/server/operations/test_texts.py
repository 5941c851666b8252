"""Which long texts an operation asks for."""

from __future__ import annotations

import pytest
from graphql import parse

from schema import schema
from server.operations.texts import LongTexts

TEXTS = LongTexts(schema._schema)  # noqa: SLF001 (Strawberry offers no other way)


@pytest.mark.parametrize(
    ("document", "texts"),
    [
        pytest.param("{ posts { nodes { id title } } }", set(), id="none"),
        pytest.param("{ posts { nodes { body } } }", {"Post.body"}, id="a-text"),
        pytest.param("{ posts { nodes { excerpt } } }", {"Post.body"}, id="what-is-made-of-it"),
        pytest.param(
            "{ posts { nodes { comments { nodes { body } } } } }",
            {"Comment.body"},
            id="of-another-type-of-the-same-name",
        ),
        pytest.param(
            '{ node(id: "") { id ... on Post { body } ... on User { bio } } }',
            {"Post.body", "User.bio"},
            id="in-inline-fragments",
        ),
        pytest.param(
            "{ viewer { ...Shown } } fragment Shown on User { comments { nodes { text: body } } }",
            {"Comment.body"},
            id="in-a-fragment-by-an-alias",
        ),
        pytest.param(
            "query ($some: Boolean!) { posts { nodes { body @include(if: $some) } } }",
            {"Post.body"},
            id="that-may-be-left-out",
        ),
        pytest.param(
            'mutation { createPost(input: {title: "", body: ""}) '
            "{ ... on CreatePostPayload { post { author { bio } } } } }",
            {"User.bio"},
            id="in-a-payload",
        ),
        pytest.param(
            "query A { posts { nodes { body } } } query B { viewer { bio } }",
            {"Post.body", "User.bio"},
            id="of-any-operation",
        ),
    ],
)
def test_the_texts_are_found(document: str, texts: set[str]) -> None:
    """What is not found is not read, and then can't be shown."""
    assert TEXTS.read_by(parse(document)) == texts
