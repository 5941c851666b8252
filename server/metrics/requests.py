"""What requests bring: one record each, once it is answered."""

from __future__ import annotations

from typing import NamedTuple

from prometheus_client import Counter, Histogram

from schema.errors import FAULTS, Code
from server.http.request_log import NAME_LENGTH, RequestRecord
from server.metrics.instruments import Instruments

ANONYMOUS, OTHER = "(anonymous)", "(other)"  # which no operation can be called
SERVER_ERROR = 500
NOT_RUN = {401, 405}  # the token was no good, or a GET would have written


class OfOperation(NamedTuple):
    """What is measured of one operation."""

    durations: Histogram
    failures: Counter
    statements: Counter


class RequestMetrics:
    """Counts requests, by the names of no more than so many operations.

    Names are the clients' words: the first that come are told apart, and the rest are one.
    """

    def __init__(self, instruments: Instruments, *, max_names: int) -> None:
        self._instruments = instruments
        self._max_names = max_names
        self._errors = {code: instruments.errors.labels(code.value) for code in Code}
        self._requests: dict[tuple[int | None, bool], Counter] = {}
        self._operations: dict[tuple[str, str], OfOperation] = {}
        self._names = set[str]()

    def observe(self, record: RequestRecord) -> None:
        """Count a request that is answered."""
        answered = record.status, record.user_id is not None
        requests = self._requests.get(answered)
        if requests is None:
            requests = self._requests[answered] = self._requests_of(*answered)
        requests.inc()
        for code in record.error_codes:
            self._errors[Code(code)].inc()
        if record.operation_type is not None and record.status not in NOT_RUN:
            self._observe_operation(record, record.operation_type)

    def _observe_operation(self, record: RequestRecord, type_: str) -> None:
        operation = self._operation(type_, record.operation_name)
        operation.durations.observe((record.duration_ms or 0) / 1_000)
        if record.statements:
            operation.statements.inc(record.statements)
        is_fault = (record.status or 0) >= SERVER_ERROR
        if is_fault or (record.error_codes and not FAULTS.isdisjoint(record.error_codes)):
            operation.failures.inc()

    def _operation(self, type_: str, name: str | None) -> OfOperation:
        found = self._operations.get((type_, name or ANONYMOUS))
        if found is None:
            told = self._told(name)
            found = self._operations.get((type_, told)) or self._of_operation(type_, told)
            self._operations[type_, told] = found
        return found

    def _told(self, name: str | None) -> str:
        """Choose by which name an operation is counted."""
        if name is None:
            return ANONYMOUS
        if name not in self._names:
            if len(self._names) >= self._max_names or len(name) > NAME_LENGTH:
                return OTHER
            self._names.add(name)
        return name

    def _of_operation(self, type_: str, name: str) -> OfOperation:
        labels = type_, name
        return OfOperation(
            self._instruments.durations.labels(*labels),
            self._instruments.failures.labels(*labels),
            self._instruments.statements.labels(*labels),
        )

    def _requests_of(self, status: int | None, is_signed_in: bool) -> Counter:  # noqa: FBT001 (is a key)
        viewer = "user" if is_signed_in else "public"
        return self._instruments.requests.labels(str(status), viewer)
