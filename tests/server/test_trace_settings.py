"""OpenTelemetry's variables: whether there are traces, and what is wrong with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from server.settings import explain
from server.settings.traces import TraceSettings
from server.spans import NoSpans, spans_from_environment
from tests.server.cli.operators import run

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment, and a folder, in which nothing is said of traces."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("OTEL_"):
            monkeypatch.delenv(name)


def given(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("variables", "exporters"),
    [
        ({}, []),
        (ENDPOINT, ["otlp"]),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://example.com/traces"}, ["otlp"]),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, ["otlp"]),
        ({"OTEL_TRACES_EXPORTER": "console, otlp"}, ["console", "otlp"]),
        ({**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"}, []),
        ({**ENDPOINT, "OTEL_TRACES_EXPORTER": ""}, ["otlp"]),
        ({**ENDPOINT, "OTEL_SDK_DISABLED": "true"}, []),
        ({"OTEL_SERVICE_NAME": "writing"}, []),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, []),
    ],
)
def test_traces_are_on_if_somebody_says_where_they_go(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], exporters: list[str]
) -> None:
    """By the standard variables alone; those of others, who share them, turn nothing on."""
    given(monkeypatch, variables)

    assert TraceSettings().exporters == exporters
    assert (spans_from_environment() is not None) is bool(exporters)


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "PROTOCOL: should be http/protobuf"),
        ({"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json"}, "should be http/protobuf"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "127.0.0.1:4318"}, "ENDPOINT: should be a URL"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://"}, "TRACES_ENDPOINT: should be a URL"),
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER: should be console or otlp"),
        ({"OTEL_TRACES_EXPORTER": "none,otlp"}, "OTEL_TRACES_EXPORTER: "),
        ({"OTEL_TRACES_SAMPLER": "sometimes"}, "OTEL_TRACES_SAMPLER: should be one of always_on"),
        (
            {"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "1.5"},
            "OTEL_TRACES_SAMPLER_ARG: should be a number from 0 to 1",
        ),
        (
            {"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "nan"},
            "OTEL_TRACES_SAMPLER_ARG: ",
        ),
        ({"OTEL_BSP_SCHEDULE_DELAY": "soon"}, "OTEL_BSP_SCHEDULE_DELAY: "),
        ({"OTEL_BSP_MAX_QUEUE_SIZE": "0"}, "OTEL_BSP_MAX_QUEUE_SIZE: "),
        ({"OTEL_BSP_MAX_QUEUE_SIZE": "10"}, "should not be above OTEL_BSP_MAX_QUEUE_SIZE"),
        ({"OTEL_EXPORTER_OTLP_TIMEOUT": "-1"}, "OTEL_EXPORTER_OTLP_TIMEOUT: "),
        ({"OTEL_EXPORTER_OTLP_COMPRESSION": "brotli"}, "OTEL_EXPORTER_OTLP_COMPRESSION: "),
        ({"OTEL_EXPORTER_OTLP_HEADERS": "plainly-fake"}, "HEADERS: should be name=value"),
        ({"OTEL_SDK_DISABLED": "perhaps"}, "OTEL_SDK_DISABLED: "),
    ],
)
def test_what_is_wrong_is_told_by_variable_and_ends_serve(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], reason: str
) -> None:
    """The SDK would log it, and leave somebody without the traces that they asked for."""
    given(monkeypatch, ENDPOINT | variables)

    with pytest.raises(ValidationError) as raised:
        TraceSettings()
    ended = run("serve")

    assert reason in explain(raised.value)
    assert (ended.exit_code, reason in ended.output) == (1, True)
    assert "plainly-fake" not in ended.output and "Traceback" not in ended.output


def test_what_only_the_sdk_knows_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has limits of its own, by variables that are not read here."""
    given(monkeypatch, {**ENDPOINT, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "many"})

    with pytest.raises(NoSpans, match="OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT"):
        spans_from_environment()
    ended = run("serve")

    assert ended.exit_code == 1 and "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT" in ended.output
