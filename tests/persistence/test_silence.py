"""A server that says nothing is told from one that takes its time."""

from __future__ import annotations

import asyncio

import pytest

from persistence import silence
from persistence.failures import ConnectionLost, Unreachable
from persistence.silence import SilenceWatch


async def test_who_is_hung_up_on_knocks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that breaks off is there; it may fall silent afterwards, and nobody would look."""
    monkeypatch.setattr(silence, "SUSPICION_SECONDS", 0.01)
    answers = [ConnectionLost("reset"), Unreachable("no answer in time", was_silent=True)]
    given_up = asyncio.Event()

    async def knock() -> None:
        raise answers.pop(0) if len(answers) > 1 else answers[0]

    watch = SilenceWatch(knock)
    with watch.watching(given_up.set):
        async with asyncio.timeout(5):
            await given_up.wait()
    await watch.close()

    assert len(answers) == 1
