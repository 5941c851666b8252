"""Who may see what. What a viewer may not see does not exist for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from domain.posts import PostStatus
from domain.users import Role, User, UserId


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Someone who proved who they are."""

    id: UserId
    role: Role


Viewer: TypeAlias = SignedIn | None
"""Whoever asks; None is the public."""


@dataclass(frozen=True, slots=True)
class PostScope:
    """The posts of one status, by everyone or by one author."""

    status: PostStatus
    author_id: UserId | None = None


def visible_posts(viewer: Viewer) -> Sequence[PostScope]:
    """Tell what a viewer may see, as scopes that share no post.

    Published posts are everyone's; moderators and admins see the others too, and authors their own.
    """
    published = PostScope(PostStatus.PUBLISHED)
    if viewer is None:
        return [published]
    of = None if viewer.role in {Role.MODERATOR, Role.ADMIN} else viewer.id
    return [published, PostScope(PostStatus.DRAFT, of), PostScope(PostStatus.ARCHIVED, of)]


def sees_email(viewer: Viewer, user: User) -> bool:
    """Tell whether an address is the viewer's own, or the viewer an admin."""
    return viewer is not None and (viewer.id == user.id or viewer.role is Role.ADMIN)
