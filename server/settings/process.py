"""The process: where it listens, what it logs, and how it ends."""

from __future__ import annotations

from enum import Enum
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(Enum):
    """Where the server runs: who explores it, and what it may tell them."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class LogLevel(Enum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(Enum):
    """How it is logged."""

    AUTO = "auto"
    JSON = "json"
    TEXT = "text"


class ProcessSettings(BaseSettings):
    """What decides about the process as such."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    environment: Environment = Field(
        default=Environment.DEVELOPMENT,
        description="development or production, which tells strangers less.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=1, le=65_535, description="Port to listen on.")
    workers: int = Field(default=1, ge=1, le=64, description="Server processes, about one a core.")
    drain_seconds: float = Field(
        default=5, ge=0, le=600, description="How long requests are served after a SIGTERM."
    )
    log_level: LogLevel = Field(default=LogLevel.INFO, description="debug, info, warning or error.")
    log_format: LogFormat = Field(
        default=LogFormat.AUTO,
        description="json, text, or auto: JSON in production, and text in development.",
    )

    metrics: bool = Field(
        default=False, description="Whether /metrics tells what the server does, for Prometheus."
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65_535,
        description="Port for /metrics, in place of the API's own; naming one is enough.",
    )
    metrics_operations: int = Field(
        default=100,
        ge=0,
        le=1_000,
        description="Names of operations that metrics tell apart, the first that come.",
    )

    @model_validator(mode="after")
    def _have_a_port_each(self) -> Self:
        if self.metrics_port == self.port:
            raise ValueError(
                "METRICS_PORT: should not be PORT; leave it empty to have /metrics there"
            )
        return self

    @property
    def measures(self) -> bool:
        """Whether there are metrics."""
        return self.metrics or self.metrics_port is not None

    @property
    def logs_json(self) -> bool:
        """Whether programs read the log, and not a developer."""
        if self.log_format is LogFormat.AUTO:
            return self.environment is Environment.PRODUCTION
        return self.log_format is LogFormat.JSON

    @property
    def in_development(self) -> bool:
        """Whether those who ask are those who build."""
        return self.environment is Environment.DEVELOPMENT
