"""The statements: each page with all that belongs to it in one, its lists as arrays."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

COUNTS: Mapping[str, int] = {"point": 1, "feed": 1, "wide": 1, "write": 2, "tiny": 0}
"""How many a request of each workload takes."""

POINT = """
SELECT p.id, p.slug, p.title, p.body, p.published_at, u.id, u.username, u.display_name
FROM posts p JOIN users u ON u.id = p.author_id
WHERE p.id = $1 AND p.status = 'PUBLISHED'
"""

FEED = """
SELECT p.id, p.slug, p.title, p.published_at, u.id, u.display_name,
       t.ids, t.names, c.ids, c.bodies, c.moments, c.author_ids, c.names, p.created_at
FROM (
    SELECT id, slug, title, published_at, created_at, author_id FROM posts
    WHERE status = 'PUBLISHED' AND (created_at, id) < ($1, $2)
    ORDER BY created_at DESC, id DESC LIMIT $3
) p
JOIN users u ON u.id = p.author_id
CROSS JOIN LATERAL (
    SELECT array_agg(t.id ORDER BY t.name) ids, array_agg(t.name ORDER BY t.name) names
    FROM post_tags l JOIN tags t ON t.id = l.tag_id WHERE l.post_id = p.id
) t
CROSS JOIN LATERAL (
    SELECT array_agg(c.id) ids, array_agg(c.body) bodies, array_agg(c.created_at) moments,
           array_agg(c.author_id) author_ids, array_agg(c.display_name) names
    FROM (
        SELECT c.id, c.body, c.created_at, c.author_id, a.display_name
        FROM comments c JOIN users a ON a.id = c.author_id
        WHERE c.post_id = p.id ORDER BY c.created_at, c.id LIMIT 3
    ) c
) c
ORDER BY p.created_at DESC, p.id DESC
"""

WIDE = """
SELECT u.id, u.username, u.display_name, p.ids, p.slugs, p.titles, p.moments, u.created_at
FROM (
    SELECT id, username, display_name, created_at FROM users
    WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3
) u
CROSS JOIN LATERAL (
    SELECT array_agg(p.id) ids, array_agg(p.slug) slugs, array_agg(p.title) titles,
           array_agg(p.published_at) moments
    FROM (
        SELECT id, slug, title, published_at FROM posts
        WHERE author_id = u.id AND status = 'PUBLISHED'
        ORDER BY created_at DESC, id DESC LIMIT 10
    ) p
) p
ORDER BY u.created_at DESC, u.id DESC
"""

SESSION = """
SELECT s.user_id FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.token_digest = $1 AND s.expires_at > $2
"""

WRITE = """
INSERT INTO posts (author_id, slug, title, body, status, version, created_at)
VALUES ($1, $2, $3, $4, 'DRAFT', 1, $5) RETURNING id
"""


class Connection:
    """A connection to the database, and the statements that it has prepared."""

    def __init__(
        self, driver: asyncpg.Connection, statements: Mapping[str, PreparedStatement]
    ) -> None:
        self.point = statements[POINT].fetchrow
        self.feed = statements[FEED].fetch
        self.wide = statements[WIDE].fetch
        self.session = statements[SESSION].fetchval
        self.write = statements[WRITE].fetchval
        self.close = driver.close

    @classmethod
    async def open(cls, dsn: str) -> Connection:
        """Connect, and prepare all statements."""
        driver = await asyncpg.connect(dsn)
        texts = (POINT, FEED, WIDE, SESSION, WRITE)
        return cls(driver, {text: await driver.prepare(text) for text in texts})
