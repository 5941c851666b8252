"""What a viewer may see of posts, as conditions."""

from sqlalchemy import SQLColumnExpression, or_, select

import domain
from persistence.lists import Condition, Source
from persistence.models import PostRecord, post_tags

POSTS = Source(PostRecord)
TAGGED_POSTS = Source(PostRecord, post_tags, "post_id")


def in_scope(scope: domain.PostScope, posts: Source = POSTS) -> Condition:
    """Keep to the posts of a scope: equalities, so that an index can begin with them."""
    of_status = posts["status"] == scope.status
    if scope.author_id is None:
        return of_status
    return of_status & (posts["author_id"] == scope.author_id)


def seen_by(viewer: domain.Viewer, posts: Source = POSTS) -> Condition:
    """Keep to the posts that a viewer may see, one by one; a list reads scope by scope."""
    return or_(*(in_scope(scope, posts) for scope in domain.visible_posts(viewer)))


def is_on_seen_post(post_id: SQLColumnExpression[int], viewer: domain.Viewer) -> Condition:
    """Keep to what belongs to a post that the viewer may see, and bears its key.

    As a value, not as an EXISTS: of that MySQL and MariaDB make a join, and sort after it.
    """
    return select(seen_by(viewer)).where(PostRecord.id == post_id).scalar_subquery()
