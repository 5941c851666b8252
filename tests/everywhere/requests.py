"""What is asked beside the lists: things alone, nested pages, writes and mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from tests.everywhere.lists import COMMENT, LISTS, POST, TAG, USER, Request
from tests.everywhere.rows import ADMIN, MEMBER, MODERATOR, TITLES, TOKENS
from tests.factories import global_id
from tests.schema.mutations.documents import document_of

NESTED = """
query ($first: Int, $last: Int, $order: PostOrder, $replies: CommentOrder) {
  users(orderBy: {field: USERNAME, direction: ASC}) {
    nodes {
      username
      posts(first: $first, last: $last, orderBy: $order) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { title comments(first: $first, last: $last, orderBy: $replies) {
          totalCount pageInfo { hasNextPage hasPreviousPage } edges { cursor node { COMMENT } }
        } } }
      }
      comments(first: $first, last: $last) {
        totalCount nodes { body post { title } }
      }
    }
  }
  tags {
    nodes { name posts(first: $first, last: $last, orderBy: $order) {
      totalCount edges { cursor node { title } }
    } }
  }
}
""".replace("COMMENT", COMMENT)

NODES = f"""
query ($ids: [ID!]!, $id: ID!) {{
  node(id: $id) {{ __typename id }}
  nodes(ids: $ids) {{
    __typename
    ... on User {{ {USER} }}
    ... on Post {{ {POST} }}
    ... on Comment {{ {COMMENT} }}
    ... on Tag {{ {TAG} }}
  }}
}}
"""

ALONE = (
    f"{{ viewer {{ {USER} }} }}",
    "{ archive { year month postCount } }",
    f'{{ archive(author: "{global_id("User", MEMBER)}") {{ year month postCount }} }}',
    f'{{ tag(name: "straße") {{ {TAG} }} }}',
    f'{{ tag(name: "Python") {{ {TAG} }} }}',
    '{ tag(name: "none such") { id } }',
    f'{{ user(by: {{username: "A_B"}}) {{ {USER} }} }}',
    '{ user(by: {username: "nobody"}) { id } }',
    *(f'{{ post(by: {{slug: "post-{n}"}}) {{ {POST} }} }}' for n in range(1, 6)),
)

WRONG = (
    '{ posts(first: 1, after: "nonsense") { nodes { id } } }',
    "{ posts(first: 101) { nodes { id } } }",
    "{ posts(first: 1, last: 1) { nodes { id } } }",
    "{ posts(first: -1) { nodes { id } } }",
    '{ posts(filter: {author: "nonsense"}) { nodes { id } } }',
    '{ node(id: "nonsense") { id } }',
    f'{{ node(id: "{global_id("User", 2**63)}") {{ id }} }}',
    '{ user(by: {username: "a\\u0000"}) { id } }',
    "{ nothing }",
    "{ posts {",
)


VIEWERS = (None, TOKENS[MEMBER], TOKENS[MODERATOR], TOKENS[ADMIN])


def others() -> Iterator[Request]:
    """Nested pages, and things alone and in numbers."""
    posts, replies = LISTS[0].orders, [{"direction": "DESC"}, {"direction": "ASC"}]
    sizes = [{"first": 3}, {"last": 2}, {}]
    for token, order, size in product(VIEWERS[:2], posts, sizes):
        reply = replies[len(size) % 2]
        yield Request(NESTED, {"order": order, "replies": reply, **size}, token)
    ids = [
        global_id(kind, key)
        for key in (2, 5, 1, len(TITLES), 1_000_000)
        for kind in ("Post", "User", "Comment", "Tag")
    ]
    sessions = "{ sessions { id createdAt expiresAt lastSeenAt userAgent } }"
    yield from (Request(sessions, token=token) for token in TOKENS.values())
    for token in VIEWERS:
        yield Request(NODES, {"ids": ids, "id": ids[0]}, token)
        yield from (Request(document, token=token) for document in ALONE)


def mistakes() -> Iterator[Request]:
    """What can't be answered, for what it says or who sends it."""
    yield from (Request(document) for document in WRONG)
    yield Request("{ sessions { id } }")
    yield Request("{ viewer { id } }", token="x" * 43)
    for of, order in product(LISTS, LISTS[0].orders[:2]):
        yield of.request(None, orderBy=order, after="AWXywAiEEXv0AAAAAAAAAB890AAZfH-Q-xco")


# What is left after writing, but for the moment of writing.
LEFT = """{
  posts(orderBy: {field: TITLE, direction: ASC}) {
    totalCount edges { cursor node { id slug title version status tags { id name } } }
  }
  users { nodes { id username bio posts { totalCount } comments { totalCount } } }
  tags(orderBy: {field: NAME, direction: ASC}) { totalCount edges { cursor node { id name } } }
}"""


def mutation(field: str, payload: str, **input: Any) -> Request:
    return Request(document_of(field, payload), {"input": input}, TOKENS[MEMBER])


def mutations() -> Iterator[tuple[str, Request]]:
    """Writes and failures that depend on nothing but the rows, and what comes of each."""
    post, other = global_id("Post", 6), global_id("Post", 2)
    created = "post { id slug title body status version tags { id name } author { username } }"
    new = {"title": "Straße 日本語", "body": "😀\n", "tags": ["neu", "sql"]}
    edge = "commentEdge { node { id body post { slug } } }"
    yield "CreatePostPayload", mutation("createPost", created, publish=True, **new)
    yield "InvalidInput", mutation("createPost", "post { id }", title=" ", body="", tags=[])
    yield "AddCommentPayload", mutation("addComment", edge, postId=post, body="𝔘 ")
    yield "NotFound", mutation("addComment", edge, postId=global_id("Post", 10**6), body="a")
    yield "AlreadyTaken", mutation("updateProfile", "user { username }", username="ADA")
    yield "UpdateProfilePayload", mutation("updateProfile", "user { bio }", bio="ünï")
    yield "VersionConflict", mutation("updatePost", created, id=other, title="b", expectedVersion=1)
    yield "UpdatePostPayload", mutation("updatePost", created, id=other, title="b")
    yield "DeletePostPayload", mutation("deletePost", "deletedId", id=global_id("Post", 10))
