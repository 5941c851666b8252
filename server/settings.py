"""Everything the environment decides."""

from __future__ import annotations

from enum import Enum

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from persistence import EngineOptions, check_url


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


class Settings(BaseSettings):
    """Read once, at start-up; `.env.example` lists every variable."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    environment: Environment = Field(
        default=Environment.DEVELOPMENT,
        description="development or production, which serves no GraphiQL.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=1, le=65_535, description="Port to listen on.")
    workers: int = Field(default=1, ge=1, le=64, description="Server processes, about one a core.")
    log_level: LogLevel = Field(default=LogLevel.INFO, description="debug, info, warning or error.")

    database_url: SecretStr = Field(
        default=SecretStr("sqlite+aiosqlite:///./inkwell.db"),
        description="SQLAlchemy URL: postgresql+asyncpg, mysql+aiomysql or sqlite+aiosqlite.",
    )
    db_echo: bool = Field(default=False, description="Log every SQL statement.")
    db_pool_size: int = Field(
        default=10, ge=1, le=1_000, description="Connections each worker keeps."
    )
    db_max_overflow: int = Field(
        default=10, ge=0, le=1_000, description="Connections beyond these when it is busy."
    )
    db_pool_timeout_seconds: float = Field(
        default=30, gt=0, le=600, description="How long a request waits for a connection."
    )
    db_pool_recycle_seconds: int = Field(
        default=1_800,
        ge=1,
        description="Age at which a connection is replaced; below MySQL's wait_timeout.",
    )

    @field_validator("database_url")
    @classmethod
    def _speaks_a_known_driver(cls, url: SecretStr) -> SecretStr:
        check_url(url.get_secret_value())
        return url

    @property
    def engine_options(self) -> EngineOptions:
        """What of this the database's engine is made with."""
        return EngineOptions(
            echo=self.db_echo,
            pool_size=self.db_pool_size,
            max_overflow=self.db_max_overflow,
            pool_timeout_seconds=self.db_pool_timeout_seconds,
            pool_recycle_seconds=self.db_pool_recycle_seconds,
        )


def explain(error: ValidationError) -> str:
    """Say in a line per variable what is wrong with the settings, without the values."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        variable = ".".join(map(str, problem["loc"])).upper()
        lines.append(f"{variable}: {problem['msg'].removeprefix('Value error, ')}.")
    return "\n".join(lines)
