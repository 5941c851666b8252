"""Who may see what, as a table."""

from __future__ import annotations

import pytest

import domain
from tests.domain.entities import ADA

SOMEONE_ELSE = domain.UserId(ADA.id + 1)


PUBLISHED = domain.PostScope(domain.PostStatus.PUBLISHED)


def unpublished(of: domain.UserId | None) -> list[domain.PostScope]:
    return [
        domain.PostScope(domain.PostStatus.DRAFT, of),
        domain.PostScope(domain.PostStatus.ARCHIVED, of),
    ]


@pytest.mark.parametrize(
    ("viewer", "scopes"),
    [
        pytest.param(None, [], id="public"),
        pytest.param(
            domain.SignedIn(ADA.id, domain.Role.MEMBER), unpublished(of=ADA.id), id="member"
        ),
        pytest.param(
            domain.SignedIn(ADA.id, domain.Role.MODERATOR), unpublished(of=None), id="moderator"
        ),
        pytest.param(domain.SignedIn(ADA.id, domain.Role.ADMIN), unpublished(of=None), id="admin"),
    ],
)
def test_what_is_not_published_is_its_authors_and_the_moderators(
    viewer: domain.Viewer, scopes: list[domain.PostScope]
) -> None:
    """What is published is everyone's."""
    assert domain.visible_posts(viewer) == [PUBLISHED, *scopes]


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        pytest.param(None, False, id="public"),
        pytest.param(domain.SignedIn(ADA.id, domain.Role.MEMBER), True, id="herself"),
        pytest.param(domain.SignedIn(SOMEONE_ELSE, domain.Role.MEMBER), False, id="another"),
        pytest.param(domain.SignedIn(SOMEONE_ELSE, domain.Role.MODERATOR), False, id="moderator"),
        pytest.param(domain.SignedIn(SOMEONE_ELSE, domain.Role.ADMIN), True, id="admin"),
    ],
)
def test_an_address_is_its_owners_and_the_admins(viewer: domain.Viewer, *, sees: bool) -> None:
    """Moderating what people write takes nobody's address."""
    assert domain.sees_email(viewer, ADA) is sees
