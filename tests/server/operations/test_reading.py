"""What an operation needs of what is heavy to read."""

from __future__ import annotations

import pytest
import strawberry
from graphql import parse

import domain
from schema import schema
from schema.views import IS_A_CURSOR, InstanceOf
from server.operations.reading import HeavyReads
from tests.factories import NOON

READS = HeavyReads(schema._schema)  # noqa: SLF001 (Strawberry offers no other way)


@pytest.mark.parametrize(
    ("document", "needed"),
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
        pytest.param("{ posts { nodes { createdAt } } }", {"Post.created_at"}, id="a-moment"),
        pytest.param(
            "{ users { pageInfo { endCursor } nodes { posts { nodes { slug } } } } }",
            {"User.created_at"},
            id="what-the-cursors-of-a-list-are-made-of",
        ),
        pytest.param(
            "{ posts { ...Page nodes { comments { edges { ...Edge } } } } } "
            "fragment Page on PostConnection { pageInfo { startCursor } } "
            "fragment Edge on CommentEdge { cursor node { id } }",
            {"Post.created_at", "Post.published_at", "Comment.created_at"},
            id="of-cursors-in-fragments",
        ),
        pytest.param(
            "{ tags { pageInfo { ...Info } } } fragment Info on PageInfo { endCursor }",
            {
                "Comment.created_at",
                "Post.created_at",
                "Post.published_at",
                "Tag.created_at",
                "User.created_at",
            },
            id="of-all-cursors-if-nobody-knows-whose",
        ),
        pytest.param(
            "{ posts { pageInfo { hasNextPage } totalCount nodes { author { id email } } } }",
            set(),
            id="none-by-resolvers-that-say-what-they-read",
        ),
    ],
)
def test_what_is_needed_is_found(document: str, needed: set[str]) -> None:
    """What is not found is not read, and then can't be shown."""
    assert READS.needed_by(parse(document)) == needed


def test_a_resolver_that_says_nothing_may_read_everything() -> None:
    """Who forgets to say it gets a slower answer, and not a wrong one."""

    def age_of(root: strawberry.Parent[domain.Tag]) -> int:
        return (NOON - root.created_at).days

    @strawberry.type
    class Tag:
        is_type_of = InstanceOf(domain.Tag)
        name: str
        age: int = strawberry.field(resolver=age_of)

    @strawberry.type
    class Query:
        tag: int = strawberry.field(graphql_type=Tag)

    reads = HeavyReads(strawberry.Schema(Query)._schema)  # noqa: SLF001 (as above)

    assert reads.needed_by(parse("{ tag { name } }")) == set()
    assert reads.needed_by(parse("{ tag { name age } }")) == {"Tag.created_at"}


def test_cursors_of_a_type_that_says_nothing_may_be_made_of_everything() -> None:
    """Who forgets what their list is ordered by can show its cursors all the same."""

    @strawberry.type
    class Tag:
        is_type_of = InstanceOf(domain.Tag)
        name: str

    @strawberry.type
    class TagEdge:
        node: int = strawberry.field(graphql_type=Tag)
        cursor: str = strawberry.field(metadata=IS_A_CURSOR)

    @strawberry.type
    class Query:
        tag: int = strawberry.field(graphql_type=TagEdge)

    reads = HeavyReads(strawberry.Schema(Query)._schema)  # noqa: SLF001 (as above)

    assert reads.needed_by(parse("{ tag { cursor } }")) == {"Tag.created_at"}
