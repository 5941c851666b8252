"""Accounts: sessions, and how often it may be tried to get in."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from server.rate_limits import MEMORY, Limits, check_storage_url, parse_limit


class AccountSettings(BaseSettings):
    """What decides about signing in and up."""

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
