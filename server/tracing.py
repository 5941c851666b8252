"""Traces: what a request takes, phase by phase and statement by statement, if somebody asks.

Who has a request traced makes a `Trace` of it the current one, and has its unit of work count by
the trace's `usage`. Those who take time look for the current one; most requests have none.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from time import perf_counter_ns
from typing import Any, NamedTuple, TypeAlias

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

    field: str | None = None
    """The first of the fields as the schema has it, such as `Post.author`, or the list it is of."""


TellCause: TypeAlias = Callable[[], Cause]
"""Tells for what a statement is when it is sent: others may still have joined who asked first."""

NO_FIELD = Cause({})


@dataclass(slots=True, eq=False)
class Step:
    """Something that sends statements; times are by `perf_counter_ns`."""

    tell_cause: TellCause
    began_at: int
    ended_at: int = 0
    """0 while it goes on, and for one whose end nobody asks for."""

    cause: Cause | None = None
    """What it was told to be for, when it last sent something or when it ended."""

    def told(self) -> Cause:
        """Tell for what it is now."""
        self.cause = self.tell_cause()
        return self.cause


class Sender(NamedTuple):
    """Who sent a statement: the number of its step, if it was sent in one, and for what.

    Statements are kept for longer than a request, and steps hold on to all of it.
    """

    step: int | None
    cause: Cause


_step_number: ContextVar[int | None] = ContextVar("step_number", default=None)
"""Which of the current trace's steps it is. A connection that is opened keeps the context of
whoever opened it for as long as it lives, so there is nothing in that but the number."""


class Trace:
    """What one request takes, from when this is made; times are in nanoseconds until shown."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.usage = TracedUsage(partial(current_sender, self.steps))  # not `self`: no cycle
        self.began_at = perf_counter_ns()
        self._phases: dict[str, int] = {}

    @contextmanager
    def current(self) -> Generator[None]:
        """Have it be the current one in a block, after which it holds nothing any more."""
        before = _current.set(self)
        try:
            yield
        finally:
            _current.reset(before)
            self.steps.clear()
            self.usage.sent.clear()

    def begin(self, tell_cause: TellCause) -> int:
        """Begin a step, and return its number."""
        self.steps.append(Step(tell_cause, perf_counter_ns()))
        return len(self.steps) - 1

    def end(self, number: int) -> None:
        """Take note that a step has ended, unless all has."""
        if number < len(self.steps):
            step = self.steps[number]
            step.ended_at = perf_counter_ns()
            if step.cause is None:
                step.told()

    @contextmanager
    def in_step(self, number: int) -> Generator[None]:
        """Have statements that a block sends, and tasks that it begins, be of this step."""
        before = _step_number.set(number)
        try:
            yield
        finally:
            _step_number.reset(before)

    def add(self, phase: str, duration: int) -> None:
        """Take note of how long a phase took."""
        self._phases[phase] = self._phases.get(phase, 0) + duration

    def phases(self, ended_at: int) -> dict[str, float | None]:
        """Tell in milliseconds how long each took until then, which is None for what was kept."""
        sql = sum(each.duration(ended_at) for each in self.usage.sent)
        kept = {phase: self._phases.get(phase) for phase in KEPT_PHASES}
        execute = self._phases.get("execute", 0) - (kept["plan"] or 0) - sql
        encode = self._phases.get("encode", 0)
        return {
            **{name: value and milliseconds(value) for name, value in kept.items()},
            "execute": milliseconds(execute),
            "sql": milliseconds(sql),
            "encode": milliseconds(encode),
        }

    def shown(self, handle_of: Callable[[Sent], str | None]) -> dict[str, Any]:
        """Show all of it in milliseconds; a statement bears the handle to have it explained by."""
        ended_at = perf_counter_ns()
        return {
            "durationMs": milliseconds(ended_at - self.began_at),
            "phases": self.phases(ended_at),
            "statements": [
                self._statement(each, handle_of(each), ended_at) for each in self.usage.sent
            ],
        }

    def _statement(self, sent: Sent, handle: str | None, ended_at: int) -> dict[str, Any]:
        cause: Cause = sent.cause.cause
        return {
            "sql": sent.text,
            "kind": sent.kind,
            "server": sent.server,
            "fields": [
                {"path": path, "parents": parents} for path, parents in cause.fields.items()
            ],
            "keys": cause.keys,
            "startMs": milliseconds(sent.began_at - self.began_at),
            "durationMs": milliseconds(sent.duration(ended_at)),
            "rows": sent.rows,
            "error": sent.error,
            "explain": handle,
        }


def current_sender(steps: Sequence[Step]) -> Sender:
    """Tell which of the steps a statement is of that is sent now."""
    number = _step_number.get()
    return Sender(number, NO_FIELD if number is None else steps[number].told())


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
