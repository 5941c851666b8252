"""Who may see and change what, as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import domain
from tests.domain.entities import ADA, COMMENT, DRAFT

SOMEONE_ELSE = domain.UserId(ADA.id + 1)
PUBLIC = None
AUTHOR = domain.SignedIn(ADA.id, domain.Role.MEMBER)
MEMBER, MODERATOR, ADMIN = (domain.SignedIn(SOMEONE_ELSE, role) for role in domain.Role)
VIEWERS = {
    "the-public": PUBLIC,
    "the-author": AUTHOR,
    "a-member": MEMBER,
    "a-moderator": MODERATOR,
    "an-admin": ADMIN,
}

PUBLISHED = domain.PostScope(domain.PostStatus.PUBLISHED)


def sees(status: domain.PostStatus) -> Callable[[domain.Viewer], bool]:
    """Ask whether a post of this status, by Ada, is in a scope of the viewer's."""
    post = replace(DRAFT, status=status)

    def ask(viewer: domain.Viewer) -> bool:
        return any(
            scope.status is post.status and scope.author_id in {None, post.author_id}
            for scope in domain.visible_posts(viewer)
        )

    return ask


def changes(written: domain.Post | domain.Comment) -> Callable[[domain.Viewer], bool]:
    """Ask whether a viewer may edit and delete it."""

    def ask(viewer: domain.Viewer) -> bool:
        try:
            domain.check_may_change(viewer, written)
        except (domain.NotSignedIn, domain.NotAllowed):
            return False
        return True

    return ask


RULES: dict[str, tuple[Callable[[domain.Viewer], bool], list[bool]]] = {
    #                                                        public author member moder. admin
    "see-a-published-post": (sees(domain.PostStatus.PUBLISHED), [True, True, True, True, True]),
    "see-a-draft": (sees(domain.PostStatus.DRAFT), [False, True, False, True, True]),
    "see-an-archived-post": (sees(domain.PostStatus.ARCHIVED), [False, True, False, True, True]),
    "change-a-post": (changes(DRAFT), [False, True, False, True, True]),
    "change-a-comment": (changes(COMMENT), [False, True, False, True, True]),
    "see-an-address": (lambda who: domain.sees_email(who, ADA), [False, True, False, False, True]),
    "look-after-others": (domain.moderates, [False, False, False, True, True]),
}


@pytest.mark.parametrize(
    ("may", "viewer", "expected"),
    [
        pytest.param(may, VIEWERS[who], expected, id=f"{who}-{rule}")
        for rule, (may, answers) in RULES.items()
        for who, expected in zip(VIEWERS, answers, strict=True)
    ],
)
def test_a_rule_holds_for_every_viewer(
    may: Callable[[domain.Viewer], bool], viewer: domain.Viewer, *, expected: bool
) -> None:
    """Each cell of the table at the top of `domain/access.py`."""
    assert may(viewer) is expected


def test_who_may_not_is_told_what_would_help() -> None:
    """The public may sign in; a member can't do anything about it."""
    with pytest.raises(domain.NotSignedIn, match="Sign in first"):
        domain.check_may_change(PUBLIC, DRAFT)
    with pytest.raises(domain.NotAllowed, match="author and moderators"):
        domain.check_may_change(MEMBER, DRAFT)


def test_somebody_is_asked_for() -> None:
    """The public is nobody."""
    assert domain.signed_in(MEMBER) == MEMBER
    with pytest.raises(domain.NotSignedIn):
        domain.signed_in(PUBLIC)


def unpublished(of: domain.UserId | None) -> list[domain.PostScope]:
    return [
        domain.PostScope(domain.PostStatus.DRAFT, of),
        domain.PostScope(domain.PostStatus.ARCHIVED, of),
    ]


@pytest.mark.parametrize(
    ("viewer", "scopes"),
    [
        pytest.param(PUBLIC, [], id="public"),
        pytest.param(AUTHOR, unpublished(of=ADA.id), id="member"),
        pytest.param(MODERATOR, unpublished(of=None), id="moderator"),
        pytest.param(ADMIN, unpublished(of=None), id="admin"),
    ],
)
def test_scopes_share_no_post(viewer: domain.Viewer, scopes: list[domain.PostScope]) -> None:
    """A list is read scope by scope, so that one in two of them would stand there twice."""
    assert domain.visible_posts(viewer) == [PUBLISHED, *scopes]
