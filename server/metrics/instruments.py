"""Every metric there is: its name, its labels, and how several workers' become one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, TypeAlias

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.process_collector import ProcessCollector

from schema.errors import Code

Several: TypeAlias = Literal["livesum", "livemin", "livemax"]

OF_OPERATIONS = ("type", "operation")
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
KEYS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)


class Outcome(StrEnum):
    """What comes of an attempt to get in."""

    SUCCESS = "success"
    WRONG_CREDENTIALS = "wrong_credentials"
    TAKEN = "taken"
    RATE_LIMITED = "rate_limited"
    FAILED = "failed"


class Instruments:
    """The metrics of a process, in a registry of their own.

    A gauge says what is made of those of several workers: their sum, the least or the most.
    """

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # they would be as many series again
        self.registry = CollectorRegistry()
        self.info = self._gauge("info", "1, and the version that runs.", "livemax", ["version"])
        self.workers = self._gauge("workers", "Processes that serve.")
        self.ready = self._gauge(
            "ready", "Whether the database answers, at a revision that fits.", "livemin"
        )
        self._define_requests()
        self._define_accounts()
        self._define_database()
        self._define_process()

    def _define_requests(self) -> None:
        self.requests = self._counter(
            "requests", "HTTP requests, but for probes and scrapes.", ["status", "viewer"]
        )
        self.errors = self._counter(
            "errors", "Kinds of errors that requests were answered with.", ["code"]
        )
        for code in Code:
            self.errors.labels(code.value)
        self.durations = self._histogram(
            "operation_duration_seconds",
            "From a request's head to the end of the answer.",
            SECONDS,
            OF_OPERATIONS,
        )
        self.failures = self._counter(
            "operation_failures", "Operations that failed for no fault of theirs.", OF_OPERATIONS
        )
        self.statements = self._counter(
            "operation_statements", "Statements that operations sent.", OF_OPERATIONS
        )
        self.batches = self._histogram("loader_batch_keys", "Keys that are loaded at once.", KEYS)
        self.lookups = self._counter(
            "cache_lookups", "What was looked for in a cache.", ["cache", "result"]
        )
        self.lags = self._histogram(
            "event_loop_lag_seconds", "How late a task wakes up that is due each second.", SECONDS
        )

    def _define_accounts(self) -> None:
        self.sign_ins = self._counter(
            "sign_ins", "Attempts to sign in, by what came of them.", ["outcome"]
        )
        self.sign_ups = self._counter(
            "sign_ups", "Attempts to sign up, by what came of them.", ["outcome"]
        )
        for outcome in Outcome:
            if outcome is not Outcome.TAKEN:
                self.sign_ins.labels(outcome)
            if outcome is not Outcome.WRONG_CREDENTIALS:
                self.sign_ups.labels(outcome)
        self.sessions_seen = self._counter(
            "sessions_seen", "Sessions in use, each counted about once a minute."
        )
        self.passwords = self._gauge("passwords_pending", "Passwords that are hashed, or wait.")

    def _define_database(self) -> None:
        self.up = self._gauge(
            "database_up", "Whether a server let us in when last tried.", "livemin", ["server"]
        )
        self.connections = self._gauge(
            "pool_connections", "Connections there are.", labels=["server", "state"]
        )
        self.connections_limit = self._gauge(
            "pool_connections_limit", "Connections there may be.", labels=["server"]
        )
        self.waiting = self._gauge(
            "pool_waiting", "Requests that wait for a connection.", labels=["server"]
        )
        self.waits = self._counter(
            "pool_waits", "Requests that had to wait for a connection.", ["server"]
        )

    def _define_process(self) -> None:
        """Take what Prometheus's own collector tells where there is a `/proc`, and its names."""
        self.process: dict[str, Counter | Gauge] = {}
        for family in ProcessCollector(registry=None).collect():
            name, told = family.name, family.documentation
            if family.type == "counter":
                self.process[name] = Counter(name, told, registry=self.registry)
            else:
                is_moment = name == "process_start_time_seconds"
                self.process[name] = Gauge(
                    name,
                    told,
                    registry=self.registry,
                    multiprocess_mode="livemax" if is_moment else "livesum",
                )

    def _counter(self, name: str, told: str, labels: Sequence[str] = ()) -> Counter:
        return Counter(f"inkwell_{name}_total", told, labels, registry=self.registry)

    def _gauge(
        self, name: str, told: str, several: Several = "livesum", labels: Sequence[str] = ()
    ) -> Gauge:
        return Gauge(
            f"inkwell_{name}", told, labels, registry=self.registry, multiprocess_mode=several
        )

    def _histogram(
        self, name: str, told: str, bounds: Sequence[float], labels: Sequence[str] = ()
    ) -> Histogram:
        return Histogram(f"inkwell_{name}", told, labels, registry=self.registry, buckets=bounds)
