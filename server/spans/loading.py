"""Spans, if the environment wants any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.settings.traces import TraceSettings

if TYPE_CHECKING:
    from server.spans.collecting import Spans

INSTALL = ".venv/bin/pip install --require-hashes --requirement requirements-otel.txt"


class NoSpans(Exception):
    """Traces are on, and can't be made; the message says what is missing or wrong."""


def spans_from_environment() -> Spans | None:
    """Make what makes spans, or None if traces are off; raises `NoSpans`.

    Raises pydantic's `ValidationError` as well, as `Settings` does.
    """
    settings = TraceSettings()
    if not settings.exporters:
        return None
    settings.lend_to_environment()
    try:
        from server.spans.collecting import Spans  # noqa: PLC0415 (may not be installed)
    except ModuleNotFoundError as error:
        raise NoSpans(
            f"OTEL_ variables turn traces on, and OpenTelemetry is not installed: {INSTALL}"
        ) from error
    try:
        return Spans.exported_by(settings.exporters)
    except ValueError as error:
        raise NoSpans(f"OTEL_ variables are wrong: {error}") from error
