"""Requests: who may ask, and for how much."""

from __future__ import annotations

import math
import re
from ipaddress import ip_network

from pydantic import Field, field_validator

from server.http.endpoint import HttpLimits
from server.http.guards import ANY, LOCAL_HOSTS
from server.operations import OperationLimits
from server.settings.lists import split
from server.settings.process import ProcessSettings

HOST = re.compile(r"\*|(\*\.)?[a-z0-9._-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)
ORIGIN = re.compile(r"\*|https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)
LIMITS = OperationLimits()
HTTP_LIMITS = HttpLimits()


class RequestSettings(ProcessSettings):
    """What decides about requests, before they are run."""

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
    introspection_reason: str = Field(
        default="",
        description="Why strangers may ask for the schema in production, as of a public API; "
        "without one they may not.",
    )
    explorer: bool | None = Field(
        default=None,
        description="Whether browsers that open /graphql are shown the explorer, which asks for "
        "the schema; if empty in development only.",
    )
    execution_plans: bool = Field(
        default=True,
        description="Whether operations run by plans; if not, by graphql-core, as to compare.",
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

    @property
    def tells_schema(self) -> bool:
        """Whether clients may ask for the schema."""
        return self.in_development if self.introspection is None else self.introspection

    @property
    def shows_explorer(self) -> bool:
        """Whether browsers are shown a page."""
        return self.in_development if self.explorer is None else self.explorer

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


def as_host(address: str) -> str:
    """Write an address as a URL does."""
    return f"[{address.lower()}]" if ":" in address else address.lower()
