"""What a viewer may see of posts, as conditions."""

from sqlalchemy import or_

import domain
from persistence.models import PostRecord
from persistence.pagination import Condition


def in_scope(scope: domain.PostScope) -> Condition:
    """Keep to the posts of a scope: equalities, so that an index can begin with them."""
    of_status = PostRecord.status == scope.status
    if scope.author_id is None:
        return of_status
    return of_status & (PostRecord.author_id == scope.author_id)


def seen_by(viewer: domain.Viewer) -> Condition:
    """Keep to the posts that a viewer may see, one by one; a list reads scope by scope."""
    return or_(*map(in_scope, domain.visible_posts(viewer)))
