"""What is asked of every database: each list in each order, things alone, nested pages, errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from tests.everywhere.rows import ADMIN, MEMBER, MODERATOR, TITLES, TOKENS
from tests.factories import global_id
from tests.schema.mutations.documents import document_of

USER = "id username displayName email bio role createdAt updatedAt"
POST = (
    "id slug title body status version publishedAt createdAt updatedAt excerpt(length: 3)"
    " author { username } tags { name }"
)
COMMENT = "id body createdAt updatedAt author { username } post { slug }"
TAG = "id name createdAt"
WINDOW = "first: $first, after: $after, last: $last, before: $before, offset: $offset"
WINDOW_TYPES = "$first: Int, $after: String, $last: Int, $before: String, $offset: Int"


@dataclass(frozen=True, slots=True)
class Request:
    """An operation, and the token of whoever sends it."""

    document: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    token: str | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list of the API, with the filters that are tried on it."""

    name: str
    kind: str
    node: str
    order_fields: Sequence[str]
    filters: Sequence[Mapping[str, Any]] = ()

    @property
    def orders(self) -> list[dict[str, str]]:
        pairs = product(self.order_fields, ("ASC", "DESC"))
        return [{"field": order, "direction": direction} for order, direction in pairs]

    def request(self, token: str | None, **variables: Any) -> Request:
        """Ask for one page, and all that can be told of it."""
        kinds, arguments = WINDOW_TYPES, WINDOW
        kinds += f", $orderBy: {self.kind}Order"
        arguments += ", orderBy: $orderBy"
        if self.filters:
            kinds += f", $filter: {self.kind}Filter"
            arguments += ", filter: $filter"
        page = (
            f"edges {{ cursor node {{ {self.node} }} }} nodes {{ id }} totalCount"
            " pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
        )
        document = f"query ({kinds}) {{ {self.name}({arguments}) {{ {page} }} }}"
        return Request(document, variables, token)


LISTS = (
    List(
        "posts",
        "Post",
        POST,
        ("CREATED_AT", "PUBLISHED_AT", "TITLE"),
        (
            {"author": global_id("User", MEMBER)},
            {"author": global_id("User", ADMIN), "status": "DRAFT"},
            {"tag": "python"},
            {"tag": "straße", "status": "PUBLISHED"},
            {"tag": "none such"},
            {"status": "ARCHIVED"},
            {"publishedAfter": "2026-01-01T12:00:00.000001Z"},
            {
                "publishedAfter": "2026-01-01T17:30:00+05:30",
                "publishedBefore": "2099-01-01T00:00:00Z",
            },
            {"publishedBefore": "2026-01-01T12:00:00.000001Z", "tag": "ab"},
        ),
    ),
    List(
        "users",
        "User",
        USER,
        ("USERNAME", "CREATED_AT"),
        (
            {"role": "MEMBER"},
            {"usernamePrefix": "a"},
            {"usernamePrefix": "a_"},
            {"usernamePrefix": "A%"},
            {"joinedAfter": "2026-01-01T12:00:00Z"},
            {"joinedBefore": "2026-01-01T12:00:00.000001Z", "role": "ADMIN"},
        ),
    ),
    List("tags", "Tag", TAG, ("NAME", "CREATED_AT")),
)

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


def walks() -> Iterator[tuple[List, Mapping[str, Any], str | None]]:
    """Lists to be read from end to end: each order, as the public and as a member."""
    for of, token in product(LISTS, (None, TOKENS[MEMBER])):
        for order in of.orders:
            yield of, {"orderBy": order}, token


def filtered() -> Iterator[Request]:
    """Each filter with each order, and numbered pages without."""
    for of in LISTS:
        for order, wanted in product(of.orders, of.filters):
            yield of.request(TOKENS[MEMBER], orderBy=order, filter=wanted)
        for offset in (0, 3, 1_000):
            yield of.request(TOKENS[ADMIN], first=4, offset=offset)


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
