"""Everything the environment decides."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from ipaddress import ip_network
from typing import Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from persistence import EngineOptions, Pooler, check_url
from server.http.endpoint import HttpLimits
from server.http.guards import ANY, LOCAL_HOSTS
from server.operations import OperationLimits
from server.rate_limits import MEMORY, Limits, check_storage_url, parse_limit

HOST = re.compile(r"\*|(\*\.)?[a-z0-9._-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)
ORIGIN = re.compile(r"\*|https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)


LIMITS = OperationLimits()
HTTP_LIMITS = HttpLimits()


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
    drain_seconds: float = Field(
        default=5, ge=0, le=600, description="How long requests are served after a SIGTERM."
    )
    forwarded_allow_ips: str = Field(
        default="",
        description="Proxies whose X-Forwarded-For is believed: addresses, networks, or * if none "
        "but proxies can connect.",
    )
    allowed_hosts: str = Field(
        default="",
        description="Names that clients may call the server by, such as api.example.com or "
        "*.example.com, with commas between; if empty localhost in development, any in production.",
    )
    cors_origins: str = Field(
        default="",
        description="Origins whose pages may ask, such as https://example.com, or * for all; "
        "if empty those of localhost in development, none in production.",
    )
    introspection: bool | None = Field(
        default=None,
        description="Whether clients may ask for the schema, and get suggestions; "
        "if empty in development only.",
    )
    log_level: LogLevel = Field(default=LogLevel.INFO, description="debug, info, warning or error.")
    log_format: LogFormat = Field(
        default=LogFormat.AUTO,
        description="json, text, or auto: JSON in production, and text in development.",
    )

    operation_timeout_seconds: float = Field(
        default=HTTP_LIMITS.seconds,
        ge=0.1,
        le=600,
        description="How long a request may take to arrive, and again to run.",
    )
    max_body_bytes: int = Field(
        default=HTTP_LIMITS.body_bytes,
        ge=1_000,
        le=100_000_000,
        description="Bytes of a request's body.",
    )
    max_document_characters: int = Field(
        default=LIMITS.characters, ge=100, description="Length of a GraphQL document."
    )
    max_document_tokens: int = Field(
        default=LIMITS.tokens, ge=10, description="Names, values and punctuators in a document."
    )
    max_operations: int = Field(
        default=LIMITS.operations, ge=1, description="Operations in a document."
    )
    max_fragments: int = Field(
        default=LIMITS.fragments, ge=0, le=200, description="Fragments in a document."
    )
    max_depth: int = Field(
        default=LIMITS.depth, ge=1, le=100, description="Levels that fields are nested."
    )
    max_introspection_depth: int = Field(
        default=LIMITS.introspection_depth,
        ge=1,
        le=100,
        description="Levels that fields are nested in __schema and __type.",
    )
    max_root_fields: int = Field(
        default=LIMITS.root_fields, ge=1, description="Fields at an operation's root."
    )
    max_mutations: int = Field(
        default=LIMITS.mutations, ge=1, description="Mutations in an operation."
    )
    max_selections: int = Field(
        default=LIMITS.selections,
        ge=1,
        description="Fields and fragments in an operation, those of fragments wherever spread.",
    )
    max_aliases: int = Field(
        default=LIMITS.aliases,
        ge=0,
        description="Aliases in an operation, those of fragments wherever spread.",
    )
    max_directives: int = Field(
        default=LIMITS.directives,
        ge=0,
        description="Directives in an operation, those of fragments wherever spread.",
    )
    max_list_length: int = Field(
        default=LIMITS.list_length, ge=1, description="Elements of a list of values."
    )
    max_variables_depth: int = Field(
        default=LIMITS.variables_depth,
        ge=1,
        le=200,
        description="Levels that the values of variables are nested.",
    )
    max_operation_cost: int = Field(
        default=LIMITS.cost, ge=1, description="Objects that an operation may load at the most."
    )
    max_answer_values: int = Field(
        default=LIMITS.values,
        ge=1,
        description="Values in an answer at the most, where 200 characters of a long text are one.",
    )

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
        default=5, gt=0, le=600, description="How long a request waits for a connection."
    )
    db_pool_recycle_seconds: int = Field(
        default=1_800,
        ge=1,
        description="Age at which a connection is replaced; below MySQL's wait_timeout.",
    )
    db_connect_timeout_seconds: float = Field(
        default=1.5, gt=0, le=60, description="How long the server waits to be let in."
    )
    db_statement_timeout_seconds: float = Field(
        default=5, ge=0.1, le=600, description="How long a statement may run."
    )
    db_pooler: Pooler = Field(
        default=Pooler.NONE,
        description="none, or transaction: a PgBouncer before PostgreSQL, in that mode.",
    )
    database_replica_url: SecretStr = Field(
        default=SecretStr(""),
        description="Replicas that queries read, as URLs like DATABASE_URL's with commas between.",
    )
    replica_lag_seconds: float = Field(
        default=5,
        ge=0,
        le=3_600,
        description="How long whoever has written reads the primary; no replica may lag more.",
    )

    session_days: int = Field(
        default=30, ge=1, le=3_650, description="Days until a user has to sign in again."
    )
    sign_in_limit_per_login: str = Field(
        default="10 per 15 minutes",
        description="How often it may be tried to sign in as somebody.",
    )
    sign_in_limit_per_address: str = Field(
        default="100 per 15 minutes",
        description="How often it may be tried to sign in from an address.",
    )
    sign_up_limit_per_address: str = Field(
        default="20 per hour",
        description="How often it may be tried to sign up, or take a name, from an address.",
    )
    rate_limit_storage_url: SecretStr = Field(
        default=SecretStr(MEMORY),
        description="Where attempts are counted: memory://, by each worker alone, or redis://.",
    )

    @field_validator("forwarded_allow_ips")
    @classmethod
    def _lists_networks(cls, proxies: str) -> str:
        if proxies not in {"", "*"}:
            try:
                for proxy in proxies.split(","):
                    ip_network(proxy.strip())
            except ValueError:
                raise ValueError("should be addresses or networks, or *") from None
        return proxies

    @field_validator("allowed_hosts")
    @classmethod
    def _lists_hosts(cls, hosts: str) -> str:
        for host in split(hosts):
            if not HOST.fullmatch(host):
                raise ValueError("should be names without ports, such as *.example.com, or *")
        return hosts.lower()

    @field_validator("cors_origins")
    @classmethod
    def _lists_origins(cls, origins: str) -> str:
        for origin in split(origins):
            if not ORIGIN.fullmatch(origin):
                raise ValueError("should be origins such as https://example.com, or *")
        return origins.lower()

    @field_validator(
        "sign_in_limit_per_login", "sign_in_limit_per_address", "sign_up_limit_per_address"
    )
    @classmethod
    def _limits_attempts(cls, limit: str) -> str:
        parse_limit(limit)
        return limit

    @field_validator("rate_limit_storage_url")
    @classmethod
    def _is_memory_or_redis(cls, url: SecretStr) -> SecretStr:
        check_storage_url(url.get_secret_value())
        return url

    @field_validator("database_url")
    @classmethod
    def _speaks_a_known_driver(cls, url: SecretStr) -> SecretStr:
        check_url(url.get_secret_value())
        return url

    @field_validator("database_replica_url")
    @classmethod
    def _lists_databases(cls, urls: SecretStr) -> SecretStr:
        for url in split(urls.get_secret_value()):
            check_url(url)
        return urls

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        urls = (self.database_url.get_secret_value(), *self.replica_urls)
        backends = {check_url(url).get_backend_name().replace("mariadb", "mysql") for url in urls}
        if len(backends) > 1:
            raise ValueError("DATABASE_REPLICA_URL: should be the same database as DATABASE_URL")
        if "sqlite" in backends and self.replica_urls:
            raise ValueError("DATABASE_REPLICA_URL: SQLite has no replicas")
        if self.db_pooler is not Pooler.NONE and backends != {"postgresql"}:
            raise ValueError("DB_POOLER: is for PostgreSQL only")
        return self

    @property
    def logs_json(self) -> bool:
        """Whether programs read the log, and not a developer."""
        if self.log_format is LogFormat.AUTO:
            return self.environment is Environment.PRODUCTION
        return self.log_format is LogFormat.JSON

    @property
    def replica_urls(self) -> list[str]:
        """The replicas that queries read, none by default."""
        return split(self.database_replica_url.get_secret_value())

    @property
    def in_development(self) -> bool:
        """Whether those who ask are those who build."""
        return self.environment is Environment.DEVELOPMENT

    @property
    def tells_schema(self) -> bool:
        """Whether clients may ask for the schema."""
        return self.in_development if self.introspection is None else self.introspection

    @property
    def hosts(self) -> list[str]:
        """The names that clients may call the server by."""
        return split(self.allowed_hosts) or (
            [*LOCAL_HOSTS, as_host(self.host)] if self.in_development else [ANY]
        )

    @property
    def operation_limits(self) -> OperationLimits:
        """What an operation may ask for."""
        return OperationLimits(
            characters=self.max_document_characters,
            tokens=self.max_document_tokens,
            operations=self.max_operations,
            fragments=self.max_fragments,
            depth=self.max_depth,
            introspection_depth=self.max_introspection_depth,
            root_fields=self.max_root_fields,
            mutations=self.max_mutations,
            selections=self.max_selections,
            aliases=self.max_aliases,
            directives=self.max_directives,
            list_length=self.max_list_length,
            variables_depth=self.max_variables_depth,
            cost=self.max_operation_cost,
            values=self.max_answer_values,
        )

    @property
    def http_limits(self) -> HttpLimits:
        """What a request may take."""
        return HttpLimits(body_bytes=self.max_body_bytes, seconds=self.operation_timeout_seconds)

    @property
    def grace_seconds(self) -> int:
        """How long requests in flight may go on when the server ends: to arrive, and to run."""
        return math.ceil(2 * self.operation_timeout_seconds) + 1

    @property
    def attempt_limits(self) -> Limits:
        """How often sign-ins and sign-ups may be tried."""
        return Limits(
            sign_in_per_login=parse_limit(self.sign_in_limit_per_login),
            sign_in_per_address=parse_limit(self.sign_in_limit_per_address),
            sign_up_per_address=parse_limit(self.sign_up_limit_per_address),
        )

    @property
    def session_lifetime(self) -> timedelta:
        """How long a user stays signed in."""
        return timedelta(days=self.session_days)

    @property
    def replica_lag(self) -> timedelta:
        """How long a replica may lack what was written."""
        return timedelta(seconds=self.replica_lag_seconds)

    @property
    def engine_options(self) -> EngineOptions:
        """What of this the server's connections are made with."""
        return replace(
            self.command_options,
            pool_size=self.db_pool_size,
            max_overflow=self.db_max_overflow,
            pool_timeout_seconds=self.db_pool_timeout_seconds,
            pool_recycle_seconds=self.db_pool_recycle_seconds,
            connect_timeout_seconds=self.db_connect_timeout_seconds,
            statement_timeout_seconds=self.db_statement_timeout_seconds,
        )

    @property
    def command_options(self) -> EngineOptions:
        """The same for commands, which take their time."""
        return EngineOptions(echo=self.db_echo, pooler=self.db_pooler)


def as_host(address: str) -> str:
    """Write an address as a URL does."""
    return f"[{address.lower()}]" if ":" in address else address.lower()


def split(text: str) -> list[str]:
    """List what stands between commas."""
    return [each.strip() for each in text.split(",") if each.strip()]


def explain(error: ValidationError) -> str:
    """Say in a line per variable what is wrong with the settings, without the values."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        variable = "".join(f"{each}: " for each in problem["loc"]).upper()
        lines.append(f"{variable}{problem['msg'].removeprefix('Value error, ')}.")
    return "\n".join(lines)
