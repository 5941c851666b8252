"""One set of data with keys of its own, made of what databases could see differently."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import domain

Rows: TypeAlias = list[dict[str, Any]]

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MOMENTS = [  # several rows share each, and seconds are crossed by microseconds
    NOON,
    NOON + timedelta(microseconds=1),
    NOON - timedelta(microseconds=1),
    NOON + timedelta(microseconds=500_000),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2099, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # clocks change in Europe
]
FAR_AWAY = datetime(2199, 1, 1, tzinfo=UTC)
TITLES = [
    "a", "A", "a b", "a-b", "aa", "Z", "z", "ß", "ss", "e\N{COMBINING ACUTE ACCENT}", "é", "É",
    "Œuvre", "İstanbul", "ıstanbul", "Ελληνικά", "Кириллица", "Հայերեն", "עברית", "العربية",
    "हिन्दी", "ไทย", "ქართული", "ትግርኛ", "中文", "日本語", "한국어", "\u1112\u1161\u11ab",
    "\uffee", "😀", "👩‍👩‍👧", "🏳️‍🌈", "𝔘𝔫𝔦", "100 %", "under_score", "back\\slash",
    "'quoted' \"twice\"", "<b>&amp;</b>", "a" * 200,
]  # fmt: skip
USERNAMES = ["ada", "bob", "carl", "a_b", "a0b", "ab", "a__", "zz_top"]
ADMIN, MODERATOR, MEMBER = 1, 2, 3
ROLES = {ADMIN: domain.Role.ADMIN, MODERATOR: domain.Role.MODERATOR}
TAGS = ["python", "sql", "a", "a-b", "ab", "straße", "日本語", "empty"]
COPIES = ("author_id", "status", "created_at")
TOKENS = {key: f"token-of-{key}".ljust(43, "-") for key in (ADMIN, MODERATOR, MEMBER)}


def rows() -> Mapping[str, Rows]:
    """Rows by table, parents first."""
    return {
        "users": users(),
        "tags": tags(),
        "posts": posts(),
        "post_tags": links(),
        "comments": comments(),
        "sessions": sessions(),
    }


def moment(n: int) -> datetime:
    return MOMENTS[n % len(MOMENTS)]


def users() -> Rows:
    return [
        {
            "id": key,
            "username": name,
            "email": f"{name}@example.com",
            "display_name": TITLES[-key - 1],
            "bio": f"{TITLES[-key - 1]}\n\n\ttabs and lines\r\n",
            "role": ROLES.get(key, domain.Role.MEMBER),
            "created_at": moment(key),
            "updated_at": moment(key + 1) if key % 2 else None,
        }
        for key, name in enumerate(USERNAMES, 1)
    ]


def tags() -> Rows:
    return [
        {"id": key, "name": name, "created_at": moment(key)} for key, name in enumerate(TAGS, 1)
    ]


def posts() -> Rows:
    """Each title once; some are drafts, some archived, and some of those never came out."""
    statuses = [*domain.PostStatus, domain.PostStatus.PUBLISHED, domain.PostStatus.PUBLISHED]
    found = []
    for key, title in enumerate(TITLES, 1):
        status = statuses[key % len(statuses)]
        is_out = status is domain.PostStatus.PUBLISHED or key % 2 == 0
        found.append(
            {
                "id": key,
                "author_id": key % 4 + 1,
                "slug": f"post-{key}",
                "title": title,
                "body": f"{title}\n" * (key % 7),
                "status": status,
                "version": key,
                "published_at": moment(key // 2) if is_out else None,
                "created_at": moment(key // 3),
                "updated_at": moment(key) if key % 3 else None,
            }
        )
    return found


def links() -> Rows:
    """The last tag has no post, and the last posts have no tag; each has copies of its post."""
    return [
        {"post_id": post["id"], "tag_id": tag, **{name: post[name] for name in COPIES}}
        for post in posts()[:-3]
        for tag in range(1, len(TAGS))
        if (post["id"] + tag) % 3 == 0
    ]


def comments() -> Rows:
    return [
        {
            "id": key,
            "post_id": key % 12 + 1,
            "author_id": key % 5 + 1,
            "body": TITLES[key % len(TITLES)],
            "created_at": moment(key // 4),
            "updated_at": moment(key) if key % 5 == 0 else None,
        }
        for key in range(1, 61)
    ]


def sessions() -> Rows:
    """One each; they were last seen so late that no use of them is noted."""
    return [
        {
            "id": key,
            "user_id": key,
            "token_digest": domain.digest_of(token),
            "created_at": NOON,
            "last_seen_at": FAR_AWAY,
            "expires_at": FAR_AWAY,
            "user_agent": "🦊 browser",
        }
        for key, token in TOKENS.items()
    ]
