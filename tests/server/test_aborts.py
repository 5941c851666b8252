"""Many clients that go away at any moment, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlalchemy import text
from starlette.types import ASGIApp

import domain
from persistence import Database
from server.http.connections import HttpConnection
from tests.factories import Given, global_id, signed_in
from tests.persistence.connections import checked_out
from tests.server.sockets import send, serving, until

TOKEN = domain.new_token()
REQUESTS = 200
AT_ONCE = 10
STAYERS = 20
STAYING = 60.0  # seconds, which is longer than any answer takes
TAGS = ["held", "shared", "together"]
DOCUMENT = """
mutation Write($title: String!, $postId: ID!, $tags: [String!]!) {
  createPost(input: {title: $title, body: "Body.", tags: $tags, publish: true}) {
    ... on CreatePostPayload { post { tags { name } author { posts { totalCount } } } }
  }
  addComment(input: {postId: $postId, body: $title}) {
    ... on AddCommentPayload { comment { post { comments { totalCount } } } }
  }
}
"""
OPEN_TRANSACTIONS = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND state LIKE 'idle in transaction%'",
    "mysql": "SELECT 0 FROM posts FOR UPDATE NOWAIT",  # fails if one has locked what it wrote
    "sqlite": "SELECT 0",  # for there can be no other beside this one
}


async def request(port: int, variables: dict[str, Any], *, patience_seconds: float) -> bool:
    """Ask, and go away without an answer if it takes too long; tell whether it came."""
    reader, writer = await send(port, TOKEN, DOCUMENT, variables)
    try:
        async with asyncio.timeout(patience_seconds):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            answer = json.loads(await reader.readexactly(length))
    except TimeoutError:
        return False
    else:
        assert "errors" not in answer, answer
        return True
    finally:
        writer.transport.abort()


async def test_two_hundred_clients_go_away_and_nothing_is_left_of_them(
    endpoint: ASGIApp, database: Database, given: Given
) -> None:
    """No connection, no open transaction, no half of a post, and nothing twice."""
    ada = await given.a_user(role=domain.Role.ADMIN)
    await given.a_session(of=ada, token=TOKEN, at=datetime.now(UTC))
    post = await given.a_post(by=ada)
    rng, turns = Random(200), asyncio.Semaphore(AT_ONCE)

    async def client(port: int, n: int, patience_seconds: float) -> bool:
        variables = {"title": f"Title {n}", "postId": global_id("Post", post.id), "tags": TAGS}
        async with turns:
            return await request(port, variables, patience_seconds=patience_seconds)

    async with serving(endpoint, http=HttpConnection) as port:
        assert await client(port, -1, STAYING)  # which takes longer, as the first
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(client(port, -n, STAYING) for n in range(2, 2 + AT_ONCE)))
        usual_seconds = asyncio.get_running_loop().time() - began
        patience = [rng.uniform(0, 1.5 * usual_seconds) for _ in range(REQUESTS)]
        patience += [STAYING] * STAYERS
        rng.shuffle(patience)
        answered = await asyncio.gather(*(client(port, *each) for each in enumerate(patience)))
        await until(lambda: checked_out(database) == 0)

    assert STAYERS <= sum(answered) < len(answered)
    async with database.writing() as connection:
        open_transactions = text(OPEN_TRANSACTIONS[database.engine.dialect.name])
        assert await connection.scalar(open_transactions) == 0
    titles, comments = await titles_and_comments(database, ada, post)
    expected = {f"Title {n}" for n, came in enumerate(answered) if came}
    assert expected <= titles.keys() and expected <= comments.keys()
    assert {*titles.values(), *comments.values()} == {1}
    # A comment follows its post in the document, so there is none without it.
    assert comments.keys() <= titles.keys()


async def titles_and_comments(
    database: Database, ada: domain.User, post: domain.Post
) -> tuple[Counter[str], Counter[str]]:
    """Count how often each title and each comment was kept; each post has all its tags."""
    titles, comments = Counter[str](), Counter[str]()
    by_age = domain.Order(domain.PostOrderField.CREATED_AT, descending=False)
    oldest = domain.Order(domain.CommentOrderField.CREATED_AT, descending=False)
    async with database.unit_of_work(signed_in(ada)) as work:
        kept = await work.posts.page(
            domain.PageRequest(size=1_000, order=by_age, filter=domain.PostFilter())
        )
        replies = await work.comments.pages_by_post(
            [post.id], domain.PageRequest(size=1_000, order=oldest, filter=None)
        )
        tags = await work.tags.get_many_by_post([each.id for each in kept.items])
    for each in kept.items:
        if each.id != post.id:
            titles[each.title] += 1
            assert [tag.name for tag in tags[each.id]] == TAGS
    comments.update(reply.body for reply in replies[post.id].items)
    return titles, comments
