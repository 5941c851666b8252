"""Tokens, and the sessions they prove."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

import domain
from domain.sessions import MAX_USER_AGENT_LENGTH
from tests.domain.entities import ADA, LATER, NOON

SESSION = domain.Session(
    id=domain.SessionId(1),
    user_id=ADA.id,
    created_at=NOON,
    last_seen_at=NOON,
    expires_at=LATER,
    user_agent=None,
)


def test_a_token_is_256_random_bits_fit_for_a_header() -> None:
    """43 characters of base64url, without padding; no two are the same."""
    tokens = {domain.new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_a_digest_is_a_sha256() -> None:
    """It has to stay the same, or everybody is signed out; this is the one of FIPS 180-2."""
    assert domain.digest_of("abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_a_session_begins_when_it_is_seen_first_and_ends_in_time() -> None:
    """Only the digest of its token is part of it."""
    session = domain.NewSession.begin(
        ADA.id, token=domain.new_token(), user_agent=None, lifetime=timedelta(hours=1), at=NOON
    )

    assert (session.created_at, session.last_seen_at, session.expires_at) == (NOON, NOON, LATER)
    assert len(session.token_digest) == 64


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (None, None),
        ("", ""),
        ("Lynx/2.9", "Lynx/2.9"),
        ("😀" * 501, "😀" * MAX_USER_AGENT_LENGTH),
    ],
    ids=["none", "empty", "short", "long"],
)
def test_a_long_user_agent_is_cut(told: str | None, kept: str | None) -> None:
    """A client may call itself what it likes, which is no reason not to let it in."""
    session = domain.NewSession.begin(
        ADA.id, token=domain.new_token(), user_agent=told, lifetime=timedelta(1), at=NOON
    )

    assert session.user_agent == kept


@pytest.mark.parametrize(
    ("since", "is_due"),
    [
        (timedelta(0), False),
        (domain.SEEN_EVERY - timedelta(microseconds=1), False),
        (domain.SEEN_EVERY, True),
        (timedelta(days=1), True),
        (-timedelta(days=1), False),
    ],
)
def test_use_is_noted_once_in_a_while(since: timedelta, *, is_due: bool) -> None:
    """What is noted counts from then on, and not from the beginning."""
    session = replace(SESSION, last_seen_at=LATER)

    assert session.is_due(LATER + since) is is_due
