"""The contract of `domain.SessionRepository`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import domain
from tests.factories import NOON, SESSION_LIFETIME, Given, Store

pytestmark = pytest.mark.every_store

NOTHING = domain.SessionId(2**62)
INSTANT = timedelta(microseconds=1)
END = NOON + SESSION_LIFETIME
TOKEN = domain.new_token()
DIGEST = domain.digest_of(TOKEN)


async def test_what_is_created_is_what_is_read(work: domain.UnitOfWork, given: Given) -> None:
    """A new session comes back with a key, and its token finds it with its user's role."""
    eve = await given.a_user(role=domain.Role.ADMIN)
    new = domain.NewSession.begin(
        eve.id, token=TOKEN, user_agent="Lynx 😀", lifetime=SESSION_LIFETIME, at=NOON
    )

    session = await work.transaction(lambda: work.sessions.create(new))

    assert session == domain.Session(
        id=session.id,
        user_id=eve.id,
        created_at=NOON,
        last_seen_at=NOON,
        expires_at=END,
        user_agent="Lynx 😀",
    )
    found = await work.sessions.find_by_token(DIGEST, at=NOON)
    assert found == (session, domain.Role.ADMIN)


async def test_a_session_knows_what_its_user_may_do_by_now(
    work: domain.UnitOfWork, given: Given
) -> None:
    """Who is promoted or put back need not sign in again."""
    ada = await given.a_user()
    session = await given.a_session(of=ada, token=TOKEN)
    promoted = replace(ada, role=domain.Role.MODERATOR)
    await given.written(lambda other: other.users.update(promoted))

    found = await work.sessions.find_by_token(DIGEST, at=NOON)

    assert found == (session, domain.Role.MODERATOR)


async def test_another_token_finds_nothing(work: domain.UnitOfWork, given: Given) -> None:
    """Nor does a token in the place of its digest."""
    await given.a_session(of=await given.a_user(), token=TOKEN)

    others = [domain.digest_of("another"), domain.digest_of(TOKEN.swapcase()), TOKEN, ""]
    found = [await work.sessions.find_by_token(other, at=NOON) for other in others]

    assert found == [None] * 4


@pytest.mark.parametrize(
    ("moment", "is_live"),
    [
        pytest.param(END - INSTANT, True, id="before"),
        pytest.param(END, False, id="at-its-end"),
        pytest.param(END + INSTANT, False, id="after"),
    ],
)
async def test_a_session_ends_by_itself(
    work: domain.UnitOfWork, given: Given, moment: datetime, *, is_live: bool
) -> None:
    """To the microsecond, and whether anybody has deleted it or not."""
    ada = await given.a_user()
    session = await given.a_session(of=ada, token=TOKEN)

    found = await work.sessions.find_by_token(DIGEST, at=moment)
    listed = await work.sessions.get_many_by_user(ada.id, at=moment)

    assert found == ((session, ada.role) if is_live else None)
    assert listed == ([session] if is_live else [])


async def test_a_users_sessions_come_newest_first(work: domain.UnitOfWork, given: Given) -> None:
    """Their own only; of the same moment, the later one."""
    ada, bob = await given.a_user(), await given.a_user()
    late = await given.a_session(of=ada, at=NOON + INSTANT)
    one, other = [await given.a_session(of=ada, at=NOON) for _ in range(2)]
    await given.a_session(of=bob)

    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == [late, other, one]


async def test_signing_in_sweeps_out_ones_expired_sessions(
    given: Given,
) -> None:
    """So that no table grows without end; what is counted is rows, and another's stay."""
    ada, bob = await given.a_user(), await given.a_user()
    for user in (ada, ada, bob):
        await given.a_session(of=user, lifetime=INSTANT)

    await given.a_session(of=ada, at=NOON + INSTANT)

    hers = await given.written(lambda work: work.sessions.delete_by_user(ada.id))
    his = await given.written(lambda work: work.sessions.delete_by_user(bob.id))
    assert (hers, his) == (1, 1)


async def test_nobody_has_more_sessions_than_one_may(work: domain.UnitOfWork, given: Given) -> None:
    """The oldest makes room for the newest, whenever it was used last."""
    ada, bob = await given.a_user(), await given.a_user()
    his = await given.a_session(of=bob)
    moments = [NOON + n * INSTANT for n in range(domain.MAX_SESSIONS + 1)]

    async def sign_in_often() -> list[domain.Session]:
        return [await work.sessions.create(session_of(ada, at)) for at in moments]

    sessions = await work.transaction(sign_in_often)
    kept = await work.sessions.get_many_by_user(ada.id, at=NOON)

    assert kept == sessions[:0:-1]
    assert await work.sessions.get_many_by_user(bob.id, at=NOON) == [his]


def session_of(user: domain.User, at: datetime) -> domain.NewSession:
    return domain.NewSession.begin(
        user.id, token=domain.new_token(), user_agent=None, lifetime=SESSION_LIFETIME, at=at
    )


async def test_many_who_sign_in_at_once_have_no_more_sessions(store: Store, given: Given) -> None:
    """Each makes room for itself, and not two in the same place."""
    ada = await given.a_user()
    for _ in range(domain.MAX_SESSIONS):
        await given.a_session(of=ada)

    await asyncio.gather(*(given.a_session(of=ada) for _ in range(20)))

    async with store.unit_of_work() as work:
        sessions = await work.sessions.get_many_by_user(ada.id, at=NOON)
    assert len(sessions) == domain.MAX_SESSIONS


async def test_a_session_is_somebodys(work: domain.UnitOfWork, given: Given) -> None:
    """Not of a user who has gone in the meantime."""
    ada = await given.a_user()
    new = domain.NewSession.begin(
        ada.id, token=TOKEN, user_agent=None, lifetime=timedelta(days=1), at=NOON
    )
    await given.written(lambda work: work.users.delete(ada.id))

    with pytest.raises(domain.NotFound) as caught:
        await work.transaction(lambda: work.sessions.create(new))

    assert (caught.value.kind, caught.value.id) == ("User", ada.id)


@pytest.mark.parametrize(
    ("after", "is_noted"),
    [
        pytest.param(domain.SEEN_EVERY - INSTANT, False, id="too-soon"),
        pytest.param(domain.SEEN_EVERY, True, id="in-time"),
        pytest.param(domain.SEEN_EVERY * 100, True, id="much-later"),
        pytest.param(-domain.SEEN_EVERY, False, id="by-a-clock-that-is-behind"),
    ],
)
async def test_use_is_noted_now_and_then(
    work: domain.UnitOfWork, given: Given, after: timedelta, *, is_noted: bool
) -> None:
    """At every request it would make a write of every read."""
    ada = await given.a_user()
    session, other = [await given.a_session(of=ada) for _ in range(2)]
    at = NOON + after

    await work.transaction(lambda: work.sessions.update_last_seen(session.id, at=at))

    seen = replace(session, last_seen_at=at) if is_noted else session
    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == [other, seen]


async def test_a_missing_session_is_not_seen(work: domain.UnitOfWork) -> None:
    """It may have been ended since the request began, and that is no failure."""
    await work.transaction(lambda: work.sessions.update_last_seen(NOTHING, at=NOON))

    assert await work.sessions.find_by_token(domain.digest_of(""), at=NOON) is None


async def test_an_ended_session_is_gone_at_once(work: domain.UnitOfWork, given: Given) -> None:
    """Alone; ending it again says that there is none."""
    ada = await given.a_user()
    gone, kept = await given.a_session(of=ada, token=TOKEN), await given.a_session(of=ada)

    await work.transaction(lambda: work.sessions.delete(gone.id, user_id=ada.id))
    with pytest.raises(domain.NotFound) as caught:
        await work.transaction(lambda: work.sessions.delete(gone.id, user_id=ada.id))

    assert (caught.value.kind, caught.value.id) == ("Session", gone.id)
    assert await work.sessions.find_by_token(DIGEST, at=NOON) is None
    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == [kept]


async def test_nobody_ends_anothers_session(work: domain.UnitOfWork, given: Given) -> None:
    """It is as if there was none."""
    ada, bob = await given.a_user(), await given.a_user()
    hers = await given.a_session(of=ada)

    with pytest.raises(domain.NotFound, match="No such session"):
        await work.transaction(lambda: work.sessions.delete(hers.id, user_id=bob.id))

    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == [hers]


async def test_all_of_a_users_sessions_end_together(work: domain.UnitOfWork, given: Given) -> None:
    """They are counted, and another's go on."""
    ada, bob = await given.a_user(), await given.a_user()
    for _ in range(3):
        await given.a_session(of=ada)
    his = await given.a_session(of=bob)

    first = await work.transaction(lambda: work.sessions.delete_by_user(ada.id))
    second = await work.transaction(lambda: work.sessions.delete_by_user(ada.id))

    assert (first, second) == (3, 0)
    assert await work.sessions.get_many_by_user(ada.id, at=NOON) == []
    assert await work.sessions.get_many_by_user(bob.id, at=NOON) == [his]
