"""The server under attack: what it is asked, and that it survives."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.client import Request, operation, send
from tests.fuzz.judge import Judge

ALIVE = operation("{__typename}")
ALIVE_ANSWER = {"data": {"__typename": "Query"}}
UNANSWERED_SECONDS = 0.3  # until bytes count as no request


class Alarm(logging.Handler):
    """Keeps what is logged as an error: nothing that clients send may be one."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.raised: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.raised.append(self.format(record))

    def silence(self) -> list[str]:
        """What was raised since the last time."""
        raised, self.raised = self.raised, []
        return raised


@dataclass(slots=True)
class Target:
    """A server, what it is asked, and what it may not answer."""

    port: int
    in_production: bool
    alarm: Alarm
    judge: Judge
    populate: Callable[[], dict[str, str]]
    tokens: dict[str, str] = field(default_factory=dict)
    requests: int = 0

    def ask(self, request: Request) -> dict[str, Any]:
        """Send a request, fail if anything is wrong with its answer, and return the content."""
        raw = request.encoded()
        answer = send(self.port, raw, request.method)
        assert answer is not None, self._report(raw, ["there was no answer"], "nothing")
        self._check(raw, self.judge.complaints(raw, request, answer), answer)
        try:
            return dict(json.loads(answer.body)) if request.is_for_graphql else {}
        except ValueError:
            return {}

    def ask_raw(self, raw: bytes) -> None:
        """Send bytes that may be no request, or several; fail if anything in answer is wrong."""
        answer = send(self.port, raw, patience_seconds=UNANSWERED_SECONDS)
        complaints = self.judge.complaints(raw, None, answer) if answer else []
        self._check(raw, complaints, answer)

    def refresh(self) -> None:
        """Have new people about: others were signed out, or lost what they wrote."""
        self.tokens = self.populate()

    def check_alive(self, raw: bytes) -> None:
        """Fail if it does not answer any more after some bytes, or raised an alarm."""
        self._check(raw, [], None)

    def _check(self, raw: bytes, complaints: list[str], answer: object) -> None:
        self.requests += 1
        alive = send(self.port, ALIVE.encoded())
        if alive is None or alive.status != 200 or json.loads(alive.body) != ALIVE_ANSWER:
            complaints = [*complaints, f"afterwards {{__typename}} was answered by {alive}"]
        complaints = [*complaints, *self.alarm.silence()]
        assert not complaints, self._report(raw, complaints, answer)

    def _report(self, raw: bytes, complaints: list[str], answer: object) -> str:
        reasons = "\n".join(f"- {each}" for each in complaints)
        return f"{reasons}\nThe request, byte by byte:\n{raw!r}\nThe answer:\n{answer}"
