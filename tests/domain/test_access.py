"""Who may see what, as a table."""

from __future__ import annotations

import pytest

import domain
from tests.domain.entities import ADA

SOMEONE_ELSE = domain.UserId(ADA.id + 1)


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        pytest.param(None, False, id="public"),
        pytest.param(domain.SignedIn(ADA.id, domain.Role.MEMBER), False, id="member"),
        pytest.param(domain.SignedIn(ADA.id, domain.Role.MODERATOR), True, id="moderator"),
        pytest.param(domain.SignedIn(ADA.id, domain.Role.ADMIN), True, id="admin"),
    ],
)
def test_moderators_and_admins_see_every_draft(viewer: domain.Viewer, *, sees: bool) -> None:
    """Others see their own, which storage adds."""
    assert domain.sees_all_posts(viewer) is sees


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
