"""The product's schema in the generator's words, and rows to ask for."""

from __future__ import annotations

from collections.abc import Mapping

import domain
from schema import schema
from tests.factories import Given, global_id
from tests.server.execution.choices import Choices
from tests.server.execution.documents import Grammar, Language
from tests.server.execution.values import Make

CORE = schema._schema  # noqa: SLF001 (Strawberry offers no other way)
MUTATIONS = (
    "createPost", "updatePost", "deletePost", "addComment", "updateComment", "deleteComment",
    "updateProfile",
)  # fmt: skip
MOST = 8  # of a key


def one_of(*values: object) -> Make:
    return lambda choices: choices.one_of(values)


def id_of(*kinds: str) -> Make:
    """IDs of these kinds, some of which name nothing."""
    return lambda choices: global_id(choices.one_of(kinds), 1 + choices.below(MOST))


def size(choices: Choices) -> int:
    """How many of a list; one of them too many."""
    return choices.one_of([2, 0, 1, 3, 100, 101])


ANY_ID = id_of("Post", "User", "Comment", "Tag", "Session")
PAGES = (
    "Query.users",
    "Query.posts",
    "Query.tags",
    "User.posts",
    "User.comments",
    "Tag.posts",
    "Post.comments",
)
SPECIAL: Mapping[str, Make] = {
    "ID": ANY_ID,
    **{f"{page}.{name}": size for page in PAGES for name in ("first", "last")},
    **{f"{page}.offset": one_of(0, 1, 2) for page in PAGES},
    **{f"{page}.{name}": one_of("nonsense", "") for page in PAGES for name in ("after", "before")},
    "Post.excerpt.length": one_of(5, 0, 200),
    "PostBy.slug": one_of("post-1", "post-2", "none"),
    "UserBy.username": one_of("ada", "ben", "nobody"),
    "Query.tag.name": one_of("a", "b", "none"),
    "PostFilter.tag": one_of("a", "none"),
    "PostBy.id": id_of("Post"),
    "UserBy.id": id_of("User"),
    **{f"{kind}Input.id": id_of("Post") for kind in ("UpdatePost", "DeletePost")},
    **{f"{kind}Input.id": id_of("Comment") for kind in ("UpdateComment", "DeleteComment")},
    "AddCommentInput.postId": id_of("Post"),
    "UpdateProfileInput.username": one_of("ada", "ada2", "ben", "?"),
    "UpdateProfileInput.email": one_of("ada@example.com", "ben@example.com", "nobody"),
}  # fmt: skip
"""Values that something comes of."""

READS = Grammar(Language(schema=CORE, special=SPECIAL, depth=6))
WRITES = Grammar(Language(schema=CORE, special=SPECIAL, mutations=MUTATIONS, percent=100))


async def filled(given: Given) -> domain.User:
    """Store two writers, whose posts have tags and comments; returns the one with a role."""
    ada = await given.a_user(username="ada", role=domain.Role.MODERATOR)
    ben = await given.a_user(username="ben")
    for author in (ada, ben, ada):
        post = await given.a_post(by=author, tags=["a", "b"], body="word " * 50)
        await given.a_post(by=author, tags=["a"], publish=False)
        for commenter in (ada, ben):
            await given.a_comment(on=post, by=commenter)
    await given.a_session(of=ada)
    return ada
