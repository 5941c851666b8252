"""Traces: what a request takes, phase by phase and statement by statement, if somebody asks.

Who has a request traced makes a `Trace` of it the current one, and has its unit of work count by
the trace's `usage`. Those who take time look for the current one; most requests have none.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any, TypeAlias

from persistence import Sent, TracedUsage

KEPT_PHASES = ("parse", "validate", "plan")
"""What need not be done again for a document that was there before."""

_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


@dataclass(frozen=True, slots=True)
class Cause:
    """For what statements are sent."""

    fields: Mapping[str, int]
    """The ways to fields, without the places in lists, and for how many parents each is wanted."""

    keys: int | None = None
    """How many keys are loaded at once, if a loader does."""


TellCause: TypeAlias = Callable[[], Cause]
"""Tells for what a statement is when it is sent: others may still have joined who asked first."""

NO_FIELD = Cause({})

_cause_number: ContextVar[int | None] = ContextVar("cause_number", default=None)
"""Which of the current trace's causes it is. A connection that is opened keeps the context of
whoever opened it for as long as it lives, so there is nothing in that but the number."""


class Trace:
    """What one request takes, from when this is made; times are in nanoseconds until shown."""

    def __init__(self) -> None:
        self.usage = TracedUsage(self._cause)
        self._tell_causes: list[TellCause] = []
        self._began_at = perf_counter_ns()
        self._phases: dict[str, int] = {}

    @contextmanager
    def current(self) -> Generator[None]:
        """Have it be the current one in a block, after which it holds nothing any more."""
        before = _current.set(self)
        try:
            yield
        finally:
            _current.reset(before)
            self._tell_causes.clear()
            self.usage.sent.clear()

    @contextmanager
    def caused_by(self, tell_cause: TellCause) -> Generator[None]:
        """Have statements that a block sends, and tasks that it begins, be for this."""
        before = _cause_number.set(len(self._tell_causes))
        self._tell_causes.append(tell_cause)
        try:
            yield
        finally:
            _cause_number.reset(before)

    def add(self, phase: str, duration: int) -> None:
        """Take note of how long a phase took."""
        self._phases[phase] = self._phases.get(phase, 0) + duration

    def shown(self, handle_of: Callable[[Sent], str | None]) -> dict[str, Any]:
        """Show all of it in milliseconds; a statement bears the handle to have it explained by."""
        ended_at = perf_counter_ns()
        sql = sum(each.duration(ended_at) for each in self.usage.sent)
        phases = {phase: self._phases.get(phase) for phase in KEPT_PHASES}
        execute = self._phases.get("execute", 0) - (phases["plan"] or 0) - sql
        encode = self._phases.get("encode", 0)
        return {
            "durationMs": milliseconds(ended_at - self._began_at),
            "phases": {
                **{name: value and milliseconds(value) for name, value in phases.items()},
                "execute": milliseconds(execute),
                "sql": milliseconds(sql),
                "encode": milliseconds(encode),
            },
            "statements": [
                self._statement(each, handle_of(each), ended_at) for each in self.usage.sent
            ],
        }

    def _cause(self) -> Cause:
        """Tell for what a statement is that is sent now."""
        number = _cause_number.get()
        return NO_FIELD if number is None else self._tell_causes[number]()

    def _statement(self, sent: Sent, handle: str | None, ended_at: int) -> dict[str, Any]:
        cause: Cause = sent.cause
        return {
            "sql": sent.text,
            "kind": sent.kind,
            "server": sent.server,
            "fields": [
                {"path": path, "parents": parents} for path, parents in cause.fields.items()
            ],
            "keys": cause.keys,
            "startMs": milliseconds(sent.began_at - self._began_at),
            "durationMs": milliseconds(sent.duration(ended_at)),
            "rows": sent.rows,
            "error": sent.error,
            "explain": handle,
        }


def current_trace() -> Trace | None:
    """Return the trace of the request that is being answered, if it has one."""
    return _current.get()


@contextmanager
def phase(name: str) -> Generator[None]:
    """Time a block as a phase of the current trace, if there is one."""
    trace = _current.get()
    began_at = perf_counter_ns()
    try:
        yield
    finally:
        if trace is not None:
            trace.add(name, perf_counter_ns() - began_at)


def milliseconds(nanoseconds: int) -> float:
    """Tell nanoseconds in milliseconds, to the microsecond."""
    return round(nanoseconds / 1_000_000, 3)
