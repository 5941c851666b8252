"""Traces: the variables of OpenTelemetry that decide whether there are any, or can be wrong.

Its SDK reads these and others itself, and would only log what is wrong.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from server.settings.lists import split

EXPORTERS = ("console", "otlp")
PROTOCOL = "http/protobuf"
RATIO_SAMPLERS = {"traceidratio", "parentbased_traceidratio"}
SAMPLERS = (
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
)
ENDPOINT = re.compile(r"https?://[^\s/?#]+\S*")
HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\s*=[ !#-+\--:<-\[\]-~]*")


class TraceSettings(BaseSettings):
    """Read at start-up; they are standard, and so not in `.env.example`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    otel_sdk_disabled: bool = False
    otel_traces_exporter: str = ""
    otel_exporter_otlp_endpoint: str = ""
    otel_exporter_otlp_traces_endpoint: str = ""
    otel_exporter_otlp_protocol: str = PROTOCOL
    otel_exporter_otlp_traces_protocol: str = ""
    otel_exporter_otlp_headers: str = Field(default="", repr=False)
    otel_exporter_otlp_traces_headers: str = Field(default="", repr=False)
    otel_exporter_otlp_timeout: float = Field(default=10, gt=0)
    otel_exporter_otlp_traces_timeout: float = Field(default=10, gt=0)
    otel_exporter_otlp_compression: Literal["none", "gzip", "deflate"] = "none"
    otel_exporter_otlp_traces_compression: Literal["none", "gzip", "deflate"] = "none"
    otel_traces_sampler: str = "parentbased_always_on"
    otel_traces_sampler_arg: str = ""
    otel_bsp_schedule_delay: int = Field(default=5_000, gt=0)
    otel_bsp_max_queue_size: int = Field(default=2_048, gt=0)
    otel_bsp_max_export_batch_size: int = Field(default=512, gt=0)

    @property
    def exporters(self) -> list[str]:
        """Where spans go, in the words of `OTEL_TRACES_EXPORTER`; nowhere if traces are off."""
        if self.otel_sdk_disabled:
            return []
        named = split(self.otel_traces_exporter)
        if not named and (
            self.otel_exporter_otlp_endpoint or self.otel_exporter_otlp_traces_endpoint
        ):
            return ["otlp"]
        return [] if named == ["none"] else named

    def lend_to_environment(self) -> None:
        """Have the SDK, which reads no `.env`, find in the environment what that says."""
        for name, value in DotEnvSettingsSource(type(self)).env_vars.items():
            variable = name.upper()
            if variable.startswith("OTEL_") and value and not os.environ.get(variable):
                os.environ[variable] = value

    @field_validator("otel_traces_sampler")
    @classmethod
    def _is_a_sampler(cls, name: str) -> str:
        if name.lower() not in SAMPLERS:
            raise ValueError(f"should be one of {', '.join(SAMPLERS)}")
        return name.lower()

    @field_validator("otel_exporter_otlp_headers", "otel_exporter_otlp_traces_headers")
    @classmethod
    def _lists_headers(cls, headers: str) -> str:
        if not all(map(HEADER.fullmatch, split(headers))):
            raise ValueError("should be name=value, with commas between and values URL-encoded")
        return headers

    @model_validator(mode="after")
    def _can_be_exported(self) -> Self:
        """Refuse what would leave somebody without the traces that they asked for."""
        complaints = [*self._complaints()] if self.exporters else []
        if complaints:
            raise ValueError(".\n".join(complaints))
        return self

    def _complaints(self) -> Iterator[str]:
        if not set(self.exporters) <= set(EXPORTERS):
            yield f"OTEL_TRACES_EXPORTER: should be {' or '.join(EXPORTERS)}, or none"
        if "otlp" in self.exporters:
            yield from self._complaints_about_otlp()
        if self.otel_traces_sampler in RATIO_SAMPLERS and not is_ratio(
            self.otel_traces_sampler_arg or "1"
        ):
            yield "OTEL_TRACES_SAMPLER_ARG: should be a number from 0 to 1"
        if self.otel_bsp_max_export_batch_size > self.otel_bsp_max_queue_size:
            yield "OTEL_BSP_MAX_EXPORT_BATCH_SIZE: should not be above OTEL_BSP_MAX_QUEUE_SIZE"

    def _complaints_about_otlp(self) -> Iterator[str]:
        protocol = self.otel_exporter_otlp_traces_protocol or self.otel_exporter_otlp_protocol
        if protocol != PROTOCOL:
            yield (
                f"OTEL_EXPORTER_OTLP_PROTOCOL: should be {PROTOCOL}, as no other is there; "
                "collectors take it at port 4318"
            )
        for name in ("otel_exporter_otlp_endpoint", "otel_exporter_otlp_traces_endpoint"):
            endpoint = getattr(self, name)
            if endpoint and not ENDPOINT.fullmatch(endpoint):
                yield f"{name.upper()}: should be a URL such as http://127.0.0.1:4318"


def is_ratio(text: str) -> bool:
    """Tell whether a text is a number from 0 to 1."""
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False
