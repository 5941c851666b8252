"""A schema with the ways in which fields can fail to merge, and the rule over its documents."""

from __future__ import annotations

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

from server.operations.merging import MergeableFields

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
        id: ID!, title(size: Int): String, author: User, next: Node, likes: Int
        cover: File, tags: String!
    }
    type User { id: ID!, name: String!, likes: Int, posts: Int, next: User, friends: [User!] }
    type Image { url: String!, size: Int }
    type File { url: String, size: Float }
    enum Kind { STORY NEWS }
    union Hit = Post | Comment | Note
""")


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
