"""Traces for OpenTelemetry, which is imported by `collecting` and what that imports only.

They are loaded where traces are on, and OpenTelemetry need not be installed where they are not.
"""

from server.spans.loading import NoSpans, spans_from_environment

__all__ = ["NoSpans", "spans_from_environment"]
