"""What is answered to each document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from asyncpg import Record

import domain
from bench.limit.keys import POSTS, USERS, cursor, global_id, key_of, position
from bench.limit.statements import Connection
from bench.workloads import FEED, FEED_SIZE, POINT, WIDE, WIDE_SIZE, WRITE
from domain.text import slugify

Variables: TypeAlias = Mapping[str, Any]


class NotSignedIn(Exception):
    """A token is that of nobody."""


async def point(connection: Connection, variables: Variables, token: str) -> Any:
    """Read a post by its ID."""
    row = await connection.point(key_of(variables["id"], b"Post:"))
    if row is None:
        return {"post": None}
    key, slug, title, body, published_at, author_id, username, name = row
    author = {"id": global_id(b"User:%d", author_id), "username": username, "displayName": name}
    return {
        "post": {
            "id": global_id(b"Post:%d", key),
            "slug": slug,
            "title": title,
            "body": body,
            "publishedAt": published_at,
            "author": author,
        }
    }


async def feed(connection: Connection, variables: Variables, token: str) -> Any:
    """Read a page of posts with all that belongs to them."""
    rows = await connection.feed(*position(variables["after"], POSTS), FEED_SIZE + 1)
    nodes = [post_of(row) for row in rows[:FEED_SIZE]]
    return {"posts": {"nodes": nodes, "pageInfo": page_info(rows, FEED_SIZE, POSTS)}}


def post_of(row: Record) -> Any:
    """Show a post of the feed."""
    key, slug, title, published_at, author_id, name, tag_ids, tag_names, *of_comments, _ = row
    return {
        "id": global_id(b"Post:%d", key),
        "slug": slug,
        "title": title,
        "publishedAt": published_at,
        "author": {"id": global_id(b"User:%d", author_id), "displayName": name},
        "tags": [
            {"id": global_id(b"Tag:%d", key), "name": name}
            for key, name in zip(tag_ids or (), tag_names or (), strict=True)
        ],
        "comments": {
            "nodes": [
                {
                    "id": global_id(b"Comment:%d", key),
                    "body": body,
                    "createdAt": moment,
                    "author": {"id": global_id(b"User:%d", author_id), "displayName": name},
                }
                for key, body, moment, author_id, name in together(of_comments)
            ]
        },
    }


async def wide(connection: Connection, variables: Variables, token: str) -> Any:
    """Read a page of users with some posts of each."""
    rows = await connection.wide(*position(variables["after"], USERS), WIDE_SIZE + 1)
    nodes = [user_of(row) for row in rows[:WIDE_SIZE]]
    return {"users": {"nodes": nodes, "pageInfo": page_info(rows, WIDE_SIZE, USERS)}}


def user_of(row: Record) -> Any:
    """Show a user with posts."""
    key, username, name, *of_posts, _ = row
    return {
        "id": global_id(b"User:%d", key),
        "username": username,
        "displayName": name,
        "posts": {
            "nodes": [
                {
                    "id": global_id(b"Post:%d", key),
                    "slug": slug,
                    "title": title,
                    "publishedAt": moment,
                }
                for key, slug, title, moment in together(of_posts)
            ]
        },
    }


def together(columns: Sequence[Any]) -> Any:
    """Go through arrays side by side; SQL makes none of no rows."""
    return zip(*columns, strict=True) if columns[0] else ()


def page_info(rows: Sequence[Record], size: int, head: bytes) -> Any:
    """Tell whether and where to read on; the moment stands last in a row, and the key first."""
    last = rows[:size][-1] if rows else None
    end = last and cursor(head, last[-1], last[0])
    return {"hasNextPage": len(rows) > size, "endCursor": end}


async def write(connection: Connection, variables: Variables, token: str) -> Any:
    """Write a draft; raises `NotSignedIn`."""
    now = datetime.now(UTC)
    author_id = await connection.session(domain.digest_of(token), now)
    if author_id is None:
        raise NotSignedIn
    title, body = variables["input"]["title"].strip(), variables["input"]["body"].strip()
    slug = slugify(title)
    key = await connection.write(author_id, slug, title, body, now)
    post = {
        "id": global_id(b"Post:%d", key),
        "slug": slug,
        "title": title,
        "status": "DRAFT",
        "createdAt": now,
    }
    return {"createPost": {"__typename": "CreatePostPayload", "post": post}}


Answer: TypeAlias = Callable[[Connection, Variables, str], Awaitable[Any]]

ANSWERS: Mapping[str, Answer] = {POINT: point, FEED: feed, WIDE: wide, WRITE: write}
"""By document."""
