"""Where one is signed in, and how to end it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import domain
from tests.answers import as_read
from tests.conftest import Execute
from tests.factories import SESSION_LIFETIME, Given, global_id, signed_in
from tests.schema.mutations.conftest import Mutate
from tests.schema.mutations.documents import kind_of

SESSIONS = "{ sessions { id createdAt expiresAt lastSeenAt userAgent isCurrent } }"

END_AND_READ_ON = """
mutation ($end: EndSessionInput!, $profile: UpdateProfileInput!) {
  endSession(input: $end) { ... on EndSessionPayload { endedId } }
  updateProfile(input: $profile) { __typename }
}
"""


async def test_a_viewer_sees_their_own_sessions_newest_first(
    execute: Execute, given: Given
) -> None:
    """And which of them is this one; not those that expired, nor anyone else's."""
    ada, bob = await given.a_user(), await given.a_user()
    now = datetime.now(UTC)
    old = await given.a_session(of=ada, user_agent="old", at=now - timedelta(hours=1))
    new = await given.a_session(of=ada, user_agent=None, at=now)
    await given.a_session(of=ada, at=now - SESSION_LIFETIME)
    await given.a_session(of=bob, at=now)
    viewer = domain.SignedIn(ada.id, ada.role, old.id)

    result = await execute(SESSIONS, viewer)

    def shown(session: domain.Session, *, is_current: bool) -> dict[str, object]:
        return {
            "id": global_id("Session", session.id),
            "createdAt": session.created_at,
            "expiresAt": session.expires_at,
            "lastSeenAt": session.last_seen_at,
            "userAgent": session.user_agent,
            "isCurrent": is_current,
        }

    sessions = [shown(new, is_current=False), shown(old, is_current=True)]
    assert result.data == as_read({"sessions": sessions})


async def test_the_public_has_no_sessions_to_see(execute: Execute) -> None:
    """It is told to sign in, rather than that there are none."""
    result = await execute(SESSIONS)

    assert result.data is None and result.errors is not None
    assert [error.extensions for error in result.errors] == [{"code": "UNAUTHENTICATED"}]


async def test_another_session_can_be_ended_once(
    execute: Execute, given: Given, mutate: Mutate
) -> None:
    """Such as that of a lost telephone; the viewer's own goes on."""
    ada = await given.a_user()
    now = datetime.now(UTC)
    lost, here = await given.a_session(of=ada, at=now), await given.a_session(of=ada, at=now)
    viewer = domain.SignedIn(ada.id, ada.role, here.id)
    lost_id = global_id("Session", lost.id)

    first = await mutate("endSession", "endedId", viewer=viewer, id=lost_id)
    second = await mutate("endSession", viewer=viewer, id=lost_id)
    left = await execute("{ sessions { id isCurrent } }", viewer)

    assert first == {"__typename": "EndSessionPayload", "endedId": lost_id}
    assert second == {"__typename": "NotFound", "message": "No such session.", "id": lost_id}
    assert left.data == {"sessions": [{"id": global_id("Session", here.id), "isCurrent": True}]}


async def test_whoever_ends_another_of_their_sessions_stays(execute: Execute, given: Given) -> None:
    """What follows in the document is still theirs."""
    ada = await given.a_user()
    now = datetime.now(UTC)
    lost, here = await given.a_session(of=ada, at=now), await given.a_session(of=ada, at=now)
    lost_id = global_id("Session", lost.id)

    result = await execute(
        END_AND_READ_ON,
        domain.SignedIn(ada.id, ada.role, here.id),
        end={"id": lost_id},
        profile={"bio": "Anew."},
    )

    assert result.data == {
        "endSession": {"endedId": lost_id},
        "updateProfile": {"__typename": "UpdateProfilePayload"},
    }


async def test_a_session_of_somebody_else_is_not_found(
    execute: Execute, given: Given, mutate: Mutate
) -> None:
    """Not even by admins, and it goes on."""
    ada, admin = await given.a_user(), await given.a_user(role=domain.Role.ADMIN)
    session = await given.a_session(of=ada, at=datetime.now(UTC))

    outcome = await mutate(
        "endSession", viewer=signed_in(admin), id=global_id("Session", session.id)
    )
    left = await execute("{ sessions { id } }", signed_in(ada))

    assert kind_of(outcome) == "NotFound"
    assert left.data == {"sessions": [{"id": global_id("Session", session.id)}]}


async def test_whoever_ends_their_own_session_is_signed_out(execute: Execute, given: Given) -> None:
    """What follows in the document is the public's."""
    ada = await given.a_user()
    session = await given.a_session(of=ada, at=datetime.now(UTC))
    viewer = domain.SignedIn(ada.id, ada.role, session.id)

    result = await execute(
        END_AND_READ_ON,
        viewer,
        end={"id": global_id("Session", session.id)},
        profile={"bio": "Anew."},
    )

    assert result.errors is not None
    assert [(error.path, error.extensions) for error in result.errors] == [
        (["updateProfile"], {"code": "UNAUTHENTICATED"})
    ]
