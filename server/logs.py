"""How the log is written: a line of JSON for programs, or one for those who read along."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import Any

import orjson

from server.http.request_log import RequestRecord, current_record, one_line

STANDARD = {
    *logging.LogRecord("", 0, "", 0, "", None, None).__dict__,
    "message",
    "asctime",
    "taskName",
    "color_message",  # uvicorn's, which is its message once more
}
QUIET = logging.WARNING  # for libraries, some of which tell values when they are asked for more
DIM, RESET = "\x1b[2m", "\x1b[0m"
COLOURS = {"INFO": "\x1b[32m", "WARNING": "\x1b[33m", "ERROR": "\x1b[31m", "CRITICAL": "\x1b[1;31m"}
INDENT = "    "


def log_config(level: str, *, as_json: bool) -> dict[str, Any]:
    """Configure the log of a process, with all loggers in one format; uvicorn's workers take it."""
    level = level.upper()
    text = {"()": "server.logs.TextFormatter", "coloured": is_colourful()}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "server.logs.JsonFormatter"} if as_json else text},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stderr",
            },
            "requests": {"()": "server.logs.RequestHandler", "stream": "ext://sys.stderr"},
        },
        "root": {
            "handlers": ["stderr"],
            "level": max(QUIET, logging.getLevelNamesMapping()[level]),
        },
        "loggers": {
            "inkwell": {"level": level},
            "inkwell.requests": {"handlers": ["requests"], "propagate": False} if as_json else {},
            "uvicorn": {"level": level},
            # Has a handler, or DB_ECHO would give it another one.
            "sqlalchemy.engine.Engine": {"handlers": ["stderr"], "propagate": False},
        },
    }


def is_colourful() -> bool:
    """Tell whether somebody looks at the log, and nothing says that they want no colours."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")


class JsonFormatter(logging.Formatter):
    """Makes a line of JSON of each record, whatever it holds."""

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.msg, RequestRecord):
            return json_of_request(record).decode()
        line: dict[str, Any] = {
            **head_of(record),
            "message": record.getMessage().rstrip(),
            **context_of(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return unbroken(dumped(line))


class RequestHandler(logging.StreamHandler[TextIOWrapper]):
    """Writes the lines for requests as JSON, in bytes: it is what is logged most."""

    def handle(self, record: logging.LogRecord) -> bool:
        """Write a line at once and as a whole, for which the stream has a lock of its own."""
        try:
            output = self.stream.buffer
            output.write(json_of_request(record) + b"\n")
            output.flush()
        except Exception:  # noqa: BLE001 (as `emit` does: a request is not to fail for its log)
            self.handleError(record)
        return True


class TextFormatter(logging.Formatter):
    """Makes a line of text of each record, and an indented one of each of its traceback's."""

    def __init__(self, *, coloured: bool) -> None:
        super().__init__()
        self._coloured = coloured

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone()
        message = one_line(record.getMessage().rstrip())
        if not isinstance(record.msg, RequestRecord):
            message += "".join(
                one_line(f" · {name} {value}") for name, value in context_of(record).items()
            )
        line = (
            f"{self._in(DIM, at.isoformat(timespec='milliseconds')[11:23])} "
            f"{self._in(COLOURS.get(record.levelname, DIM), f'{record.levelname:7}')} "
            f"{self._in(DIM, record.name)} {message}"
        )
        if record.exc_info:
            traceback = self.formatException(record.exc_info).split("\n")
            line = "\n".join([line, *(INDENT + one_line(each) for each in traceback)])
        return line

    def _in(self, colour: str, text: str) -> str:
        return f"{colour}{text}{RESET}" if self._coloured else text


def json_of_request(record: logging.LogRecord) -> bytes:
    """Write the line for a request, whose texts are in one line and can be shown as they are."""
    told: Any = record.msg  # a `RequestRecord`
    line = {**head_of(record), **told.fields()}
    return orjson.dumps(line, option=orjson.OPT_UTC_Z)


def head_of(record: logging.LogRecord) -> dict[str, Any]:
    """Say when, how bad and where: what every line begins with."""
    return {
        "time": datetime.fromtimestamp(record.created, UTC),
        "level": record.levelname,
        "logger": record.name,
    }


def context_of(record: logging.LogRecord) -> dict[str, Any]:
    """Give the ids of the request that a record was made in, and what its maker adds to it."""
    added = {name: value for name, value in record.__dict__.items() if name not in STANDARD}
    current = current_record()
    return added if current is None else {**current.ids, **added}


def dumped(line: dict[str, Any]) -> str:
    """Write as JSON; what orjson refuses, such as half a character, is the standard library's."""
    try:
        return orjson.dumps(line, default=str, option=orjson.OPT_UTC_Z).decode()
    except TypeError:
        return json.dumps(line, default=in_words, skipkeys=True)


def in_words(value: object) -> str:
    """Write what JSON has no form for."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def unbroken(line: str) -> str:
    """Escape what JSON allows in a string and terminals obey, such as the C1 controls."""
    if line.isascii() and "\x7f" not in line:
        return line
    return "".join(each if each.isprintable() else json_escape(each) for each in line)


def json_escape(character: str) -> str:
    """Write a character as JSON does where only ASCII is allowed, without the ASCII of DEL."""
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]
