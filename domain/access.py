"""Who may see and change what. What a viewer may not see does not exist for them.

| | the public | members | moderators | admins |
| --- | --- | --- | --- | --- |
| see published posts, their comments, tags and users | yes | yes | yes | yes |
| see drafts and archived posts, and their comments | no | their own | all | all |
| write posts, and comment on those they see | no | yes | yes | yes |
| edit and delete posts and comments | no | their own | all | all |
| see email addresses | no | their own | their own | all |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from domain.comments import Comment
from domain.errors import NotAllowed, NotSignedIn
from domain.posts import Post, PostStatus
from domain.sessions import SessionId
from domain.users import Role, User, UserId


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Someone who proved who they are, by a session if it was over the API."""

    id: UserId
    role: Role
    session_id: SessionId | None = None


Viewer: TypeAlias = SignedIn | None
"""Whoever asks; None is the public."""


@dataclass(frozen=True, slots=True)
class PostScope:
    """The posts of one status, by everyone or by one author."""

    status: PostStatus
    author_id: UserId | None = None


def signed_in(viewer: Viewer) -> SignedIn:
    """Make sure that the viewer is somebody; raises `NotSignedIn`."""
    if viewer is None:
        raise NotSignedIn
    return viewer


def moderates(viewer: Viewer) -> bool:
    """Tell whether a viewer looks after what others write."""
    return viewer is not None and viewer.role in {Role.MODERATOR, Role.ADMIN}


def visible_posts(viewer: Viewer) -> Sequence[PostScope]:
    """Tell what a viewer may see, as scopes that share no post."""
    published = PostScope(PostStatus.PUBLISHED)
    if viewer is None:
        return [published]
    of = None if moderates(viewer) else viewer.id
    return [published, PostScope(PostStatus.DRAFT, of), PostScope(PostStatus.ARCHIVED, of)]


def check_may_change(viewer: Viewer, written: Post | Comment) -> None:
    """Make sure that a viewer may edit or delete it; raises `NotSignedIn` or `NotAllowed`."""
    if signed_in(viewer).id != written.author_id and not moderates(viewer):
        raise NotAllowed


def sees_email(viewer: Viewer, user: User) -> bool:
    """Tell whether an address is the viewer's own, or the viewer an admin."""
    return viewer is not None and (viewer.id == user.id or viewer.role is Role.ADMIN)
