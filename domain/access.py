"""Who may see what. What a viewer may not see does not exist for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from domain.users import Role, User, UserId


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Someone who proved who they are."""

    id: UserId
    role: Role


Viewer: TypeAlias = SignedIn | None
"""Whoever asks; None is the public."""


def sees_all_posts(viewer: Viewer) -> bool:
    """Moderators and admins see every draft; others those they wrote, and the public none."""
    return viewer is not None and viewer.role in {Role.MODERATOR, Role.ADMIN}


def sees_email(viewer: Viewer, user: User) -> bool:
    """Tell whether an address is the viewer's own, or the viewer an admin."""
    return viewer is not None and (viewer.id == user.id or viewer.role is Role.ADMIN)
