"""One line of log per HTTP request: what was asked, what came of it and what it took."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from random import getrandbits
from time import perf_counter_ns, time
from typing import Any, ClassVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.headers import headers_of

REQUEST_ID_HEADER = b"x-request-id"
REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
CLIENT_GONE = 499  # nginx's, as no answer was sent
PROBES = {"/livez", "/readyz"}  # which come every few seconds, and tell nothing when all is well
METHOD_LENGTH, PATH_LENGTH, NAME_LENGTH = 20, 200, 100

log = logging.getLogger("inkwell.requests")


@dataclass(slots=True)
class RequestRecord:
    """What the log tells of a request, written while it is answered.

    There is nothing in it of a document, its variables, or whoever sent them but their key.
    """

    request_id: str
    method: str
    path: str
    status: int | None = None
    duration_ms: float | None = None
    operation_type: str | None = None
    operation_name: str | None = None
    document_hash: str | None = None
    error_codes: Sequence[str] = ()
    statements: int = 0
    rows: int = 0
    user_id: int | None = None
    error_ids: Sequence[str] = ()
    """For spans: in the log, each of these errors has a line of its own."""

    trace_id: str | None = None
    span_id: str | None = None

    @property
    def ids(self) -> dict[str, str]:
        """What other lines about the request have as well; those of a span only if it has one."""
        ids = {"request_id": self.request_id}
        if self.trace_id is not None and self.span_id is not None:
            ids |= {"trace_id": self.trace_id, "span_id": self.span_id}
        return ids

    def fields(self) -> dict[str, Any]:
        """Give what a program reads; every line has all the keys, but for those of spans."""
        return {
            "message": f"{self.method} {self.path} {self.status}",
            **self.ids,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "duration_ms": self.duration_ms,
            "operation_type": self.operation_type,
            "operation_name": self._name,
            "document_hash": self.document_hash,
            "error_codes": [*self.error_codes],
            "statements": self.statements,
            "rows": self.rows,
            "user_id": self.user_id,
        }

    def __str__(self) -> str:
        """Give what a person reads."""
        operation = " ".join(filter(None, (self.operation_type, self._name)))
        asked = f"{counted(self.statements, 'statement')}, {counted(self.rows, 'row')}"
        parts = (
            f"{self.method} {self.path} {self.status}",
            operation,
            ", ".join(self.error_codes),
            f"{self.duration_ms or 0:.1f} ms",
            asked if self.statements else "",
            "" if self.user_id is None else f"user {self.user_id}",
            *self.ids.values(),
        )
        return " · ".join(filter(None, parts))

    @property
    def _name(self) -> str | None:
        return None if self.operation_name is None else one_line(self.operation_name, NAME_LENGTH)


_current: ContextVar[RequestRecord | None] = ContextVar("current_request", default=None)


def current_record() -> RequestRecord | None:
    """Find the record of the request that is being answered, if one is."""
    return _current.get()


def note(**fields: Any) -> None:
    """Fill in the record of the request that is being answered, if one is."""
    record = _current.get()
    if record is not None:
        for name, value in fields.items():
            setattr(record, name, value)


class RequestLog:
    """Logs a line for each request once it is answered, and gives it an id, which its answer has.

    It belongs around everything else, so that no answer goes without. Of requests for `quiet`
    paths only who debugs hears; of all others `observe` does, once they are answered.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        quiet: Collection[str] = PROBES,
        observe: Callable[[RequestRecord], None] | None = None,
    ) -> None:
        self._app = app
        self._quiet = quiet
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = RequestRecord(
            request_id_of(scope),
            one_line(scope["method"], METHOD_LENGTH),
            one_line(scope["path"], PATH_LENGTH),
        )
        header = (REQUEST_ID_HEADER, record.request_id.encode())

        def answer(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                message["headers"] = [*message.get("headers", ()), header]
            return send(message)

        began = perf_counter_ns()
        before = _current.set(record)
        try:
            await self._app(scope, receive, answer)
        except BaseException:
            record.status = 500
            raise  # to the server, whose log of it is to have the id: it stays the current one
        else:
            _current.reset(before)
        finally:
            record.duration_ms = (perf_counter_ns() - began) // 1_000 / 1_000
            if record.status is None:
                record.status = CLIENT_GONE
            is_quiet = scope["path"] in self._quiet
            write(record, logging.DEBUG if is_quiet else logging.INFO)
            if self._observe is not None and not is_quiet:
                self._observe(record)


class RequestLine(logging.LogRecord):
    """A line of the log for a request; what all of them have alike is found out once."""

    _alike: ClassVar = {
        level: vars(logging.LogRecord(log.name, level, __file__, 0, "", (), None))
        for level in (logging.DEBUG, logging.INFO)
    }

    def __init__(self, record: RequestRecord, level: int) -> None:
        now = time()
        self.__dict__ = {
            **self._alike[level],
            "msg": record,
            "created": now,
            "msecs": now % 1 * 1_000,
        }


def write(record: RequestRecord, level: int) -> None:
    """Log a record, without a walk up the stack for the line of code that does."""
    if log.isEnabledFor(level):
        log.handle(RequestLine(record, level))


def request_id_of(scope: Scope) -> str:
    """Take the id that a proxy gave a request, or give it one."""
    if REQUEST_ID_HEADER in headers_of(scope):
        for name, value in scope["headers"]:
            if name == REQUEST_ID_HEADER and REQUEST_ID.fullmatch(value):
                request_id: str = value.decode()
                return request_id
    return f"{getrandbits(64):016x}"  # is no secret, and drawing one of those takes longer


def one_line(text: str, length: int | None = None) -> str:
    """Cut a text, and escape what begins a line, moves a cursor or turns what is read around."""
    text = text[:length]
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else escape(each) for each in text)[:length]


def escape(character: str) -> str:
    """Write a character as Python does in a string."""
    return character.encode("unicode_escape").decode()


def counted(number: int, noun: str) -> str:
    """Say how many there are."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
