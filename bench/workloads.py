"""What the servers are asked: five documents, as a good frontend sends them, with random keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import orjson

import domain
from bench.dataset import begun_at, body, is_draft
from schema.cursors import encode_cursor
from schema.ids import encode_id
from server import demo
from server.demo.users import users

POINT = """\
query Post($id: ID!) {
  post(by: {id: $id}) {
    id
    slug
    title
    body
    publishedAt
    author { id username displayName }
  }
}
"""
FEED = """\
query Feed($after: String) {
  posts(first: 20, after: $after) {
    nodes {
      id
      slug
      title
      publishedAt
      author { id displayName }
      tags { id name }
      comments(first: 3) {
        nodes { id body createdAt author { id displayName } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
WIDE = """\
query Authors($after: String) {
  users(first: 100, after: $after) {
    nodes {
      id
      username
      displayName
      posts(first: 10) { nodes { id slug title publishedAt } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
WRITE = """\
mutation Write($input: CreatePostInput!) {
  createPost(input: $input) {
    __typename
    ... on CreatePostPayload { post { id slug title status createdAt } }
    ... on Error { message }
  }
}
"""
TINY = "{ __typename }"

UNIQUE = "00000000000000"
"""Stands in a request for digits that no other request of the run has."""

FEED_SIZE, WIDE_SIZE = 20, 100
REQUESTS = 2_000
CHANGING = re.compile(rb'(?<="id":")[^"]*|(?<="createdAt":")[^"]*|[0-9]{14}')

Variables = Callable[[Random, demo.Sizes], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Workload:
    """One kind of request: its document, and how to choose its variables."""

    name: str
    about: str
    document: str
    variables: Variables
    is_signed_in: bool = False

    def requests(self, sizes: demo.Sizes, count: int = REQUESTS) -> Sequence[bytes]:
        """Make bodies of requests with random variables, the same ones every time."""
        rng = Random(self.name)
        return [self.request(self.variables(rng, sizes)) for _ in range(count)]

    def request(self, variables: Mapping[str, Any]) -> bytes:
        """Make the body of a request."""
        content: dict[str, Any] = {"query": self.document}
        return orjson.dumps({**content, "variables": variables} if variables else content)

    def comparable(self, answer: bytes) -> bytes:
        """Give what all servers answer alike: of a write, all but its key, number and moment."""
        return CHANGING.sub(b"...", answer) if self.is_signed_in else answer


def a_post(rng: Random, sizes: demo.Sizes) -> Mapping[str, Any]:
    """Choose any post that is out."""
    index = rng.randrange(sizes.posts)
    return {"id": encode_id("Post", index - is_draft(index) + 1)}


def a_page_of_posts(rng: Random, sizes: demo.Sizes) -> Mapping[str, Any]:
    """Choose a post that is out, with a page of older ones."""
    index = rng.randrange(2 * FEED_SIZE, sizes.posts)
    index -= is_draft(index)
    cursor = encode_cursor(
        domain.Cursor(begun_at(index, sizes), index + 1),
        list_name="Query.posts",
        order=domain.PostFilter().default_order,
        filter=domain.PostFilter(),
    )
    return {"after": cursor}


def a_page_of_users(rng: Random, sizes: demo.Sizes) -> Mapping[str, Any]:
    """Choose a user with a page of others who joined before."""
    cursor = encode_cursor(
        rng.choice(joined(sizes)[WIDE_SIZE:]),
        list_name="Query.users",
        order=domain.UserFilter().default_order,
        filter=domain.UserFilter(),
    )
    return {"after": cursor}


@cache
def joined(sizes: demo.Sizes) -> Sequence[domain.Cursor]:
    """List the users in the order they joined."""
    cursors = [domain.Cursor(each["created_at"], each["id"]) for each in users(sizes)]
    return sorted(cursors, key=lambda cursor: (str(cursor.value), cursor.id))


def a_draft(rng: Random, sizes: demo.Sizes) -> Mapping[str, Any]:
    """Write something under a title that nothing else has."""
    return {"input": {"title": f"Notes on long walks, part {UNIQUE}", "body": body(rng, "walking")}}


def nothing(rng: Random, sizes: demo.Sizes) -> Mapping[str, Any]:
    """Choose nothing."""
    return {}


WORKLOADS = (
    Workload("point", "a post and its author", POINT, a_post),
    Workload("feed", "20 posts, author, tags, 3 comments with author", FEED, a_page_of_posts),
    Workload("wide", "100 users x 10 posts", WIDE, a_page_of_users),
    Workload("write", "createPost, signed in", WRITE, a_draft, is_signed_in=True),
    Workload("tiny", "__typename", TINY, nothing),
)
