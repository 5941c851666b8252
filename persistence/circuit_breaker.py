"""A server that does not answer is not asked by everybody."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic

from persistence import failures

RETRY_AFTER_SECONDS = 0.25

log = logging.getLogger("inkwell.persistence")


class CircuitBreaker:
    """Spares those who want a connection the wait for a server that is known not to answer.

    After a failure to connect nobody tries for `RETRY_AFTER_SECONDS`, and then one does for all.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._failure: failures.Unreachable | None = None
        self._retry_at = 0.0
        self._answered_at = float("-inf")
        self._is_trying = False

    @property
    def is_closed(self) -> bool:
        """Whether the server answered when somebody last tried, or nobody has yet."""
        return self._failure is None

    @property
    def may_be_tried(self) -> bool:
        """Whether the time has come to see if it answers again."""
        return not self._is_trying and monotonic() >= self._retry_at

    def has_answered_within(self, seconds: float) -> bool:
        """Tell whether the server has answered since, over a connection that there is."""
        return monotonic() - self._answered_at <= seconds

    @contextmanager
    def trying(self) -> Generator[None]:
        """Learn from an attempt to connect; raises `Unreachable` if it fails, or had better not.

        A server that hangs up is there, which raises `ConnectionLost`. Nor is it away if it
        answers others meanwhile, over connections that there are: we are short of time then.
        """
        if self._failure is not None and not self.may_be_tried:
            raise self._failure.again()
        self._is_trying, began_at = True, monotonic()
        try:
            yield
        except Exception as error:
            if failures.is_hung_up(error):
                raise failures.ConnectionLost(failures.first_line(error)) from error
            failure = failures.Unreachable.by(error)
            if self._answered_at < began_at:
                self._open(failure)
            raise failure from error
        else:
            self.close()
        finally:
            self._is_trying = False

    def close(self) -> None:
        """Take note that the server answers those who connect."""
        if self._failure is not None:
            log.warning("There is a connection to %s again.", self._name)
        self._failure = None

    def note_answer(self) -> None:
        """Take note that the server answers over a connection that there is."""
        self._answered_at = monotonic()

    def _open(self, failure: failures.Unreachable) -> None:
        if self._failure is None:
            log.warning("No connection to %s: %s", self._name, failure)
        self._failure, self._retry_at = failure, monotonic() + RETRY_AFTER_SECONDS
