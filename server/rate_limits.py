"""How often sign-ins and sign-ups may be tried."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Network, ip_address
from typing import Self, TypeVar

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import parse_url
from redis.exceptions import RedisError

import domain

T = TypeVar("T")

MEMORY = "memory://"
IPV6_NETWORK_BITS = 64  # which a customer is given, to pick from at will
REDIS_TIMEOUT_SECONDS = 0.5
REDIS_PAUSE_SECONDS = 5.0

log = logging.getLogger("inkwell.rate_limits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many attempts there may be, and in what time."""

    sign_in_per_login: RateLimitItem
    sign_in_per_address: RateLimitItem
    sign_up_per_address: RateLimitItem


class RateLimits:
    """`domain.AttemptLimits`, counted in memory, or in Redis for all workers together.

    The counters know logins and addresses as hashes only.
    """

    def __init__(self, limits: Limits, redis: ConnectionPool | None = None) -> None:
        self._limits = limits
        self._counters = Counters(redis)

    @classmethod
    @asynccontextmanager
    async def connect(cls, limits: Limits, url: str = MEMORY) -> AsyncGenerator[Self]:
        """Connect to Redis when it is first needed, if it is one; hang up in the end."""
        if url == MEMORY:
            yield cls(limits)
            return
        timeouts = {
            "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
            "socket_timeout": REDIS_TIMEOUT_SECONDS,
        }
        async with ConnectionPool.from_url(url, **timeouts) as redis:
            yield cls(limits, redis)

    async def count_sign_in(self, account: str, address: str) -> None:
        # The address first: one that is refused uses up nobody's account, and guesses at an
        # account that is refused count for the address that makes them.
        await self._count(self._limits.sign_in_per_address, "sign-in", network_of(address))
        await self._count(self._limits.sign_in_per_login, "account", account)

    async def forget_sign_ins(self, account: str) -> None:
        await self._counters.clear(self._limits.sign_in_per_login, "account", hashed(account))

    async def count_claim(self, address: str) -> None:
        await self._count(self._limits.sign_up_per_address, "sign-up", network_of(address))

    async def _count(self, limit: RateLimitItem, what: str, who: str) -> None:
        wait_seconds = await self._counters.hit(limit, what, hashed(who))
        if wait_seconds:
            raise domain.TooManyAttempts(wait_seconds)


class Counters:
    """Counts in Redis, if it is given, and in this process's memory whenever it does not answer.

    A sliding window is two numbers for each key, of the last window and of this one, which
    expire: its size does not depend on the limit, and on Redis it needs no clock but Redis's.
    A moving window has the moment of every attempt instead, and is exact where this estimates.
    """

    def __init__(self, redis: ConnectionPool | None = None) -> None:
        self._memory = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._redis = SlidingWindowCounterRateLimiter(over(redis)) if redis else None
        self._is_silent = False
        self._ask_again_at = 0.0

    async def hit(self, limit: RateLimitItem, *key: str) -> int:
        """Count an attempt and return 0, or the seconds to wait if it is one too many."""
        return await self._ask(lambda counters: hit(counters, limit, *key))

    async def clear(self, limit: RateLimitItem, *key: str) -> None:
        """Forget the attempts."""
        await self._ask(lambda counters: counters.clear(limit, *key))

    async def _ask(self, question: Callable[[SlidingWindowCounterRateLimiter], Awaitable[T]]) -> T:
        if self._redis and time.monotonic() >= self._ask_again_at:
            try:
                answer = await question(self._redis)
            except RedisError as error:
                self._heard_nothing(error)
            else:
                self._heard()
                return answer
        return await question(self._memory)

    def _heard_nothing(self, error: RedisError) -> None:
        self._ask_again_at = time.monotonic() + REDIS_PAUSE_SECONDS
        if not self._is_silent:
            self._is_silent = True
            log.warning("Redis does not answer, so each worker counts attempts alone: %s", error)

    def _heard(self) -> None:
        if self._is_silent:
            self._is_silent = False
            log.warning("Redis answers again, and counts attempts.")


def over(redis: ConnectionPool) -> RedisStorage:
    """Let `limits` count over a pool of ours, which has timeouts and does not retry."""
    return RedisStorage(
        "async+redis://",
        implementation="redispy",
        key_prefix="inkwell",
        connection_pool=redis,  # type: ignore[arg-type] # is documented, and passed on as it is
    )


async def hit(counters: SlidingWindowCounterRateLimiter, limit: RateLimitItem, *key: str) -> int:
    """Count an attempt and return 0, or the seconds to wait if it is one too many."""
    if await counters.hit(limit, *key):
        return 0
    window = await counters.get_window_stats(limit, *key)
    return max(1, math.ceil(window.reset_time - time.time()))


def check_storage_url(url: str) -> None:
    """Make sure that attempts can be counted there; raises `ValueError`, which repeats none of it.

    A password may be part of it.
    """
    if url == MEMORY:
        return
    if not url.startswith(("redis://", "rediss://")):
        raise ValueError("should be memory://, redis://host:6379/0 or rediss://")
    try:
        parse_url(url)
    except ValueError:
        raise ValueError("is not a URL like redis://user:password@host:6379/0") from None


def parse_limit(text: str) -> RateLimitItem:
    """Read a limit such as `10 per 15 minutes`; raises `ValueError`."""
    try:
        (limit,) = parse_many(text)
    except ValueError:
        raise ValueError("should be one limit, such as 10 per 15 minutes") from None
    if limit.amount < 1:
        raise ValueError("should let at least 1 attempt through")
    return limit


def network_of(address: str) -> str:
    """Write what counts as one address: of IPv6 a network, and IPv4 however it is written."""
    try:
        ip = ip_address(address)
    except ValueError:  # no address: the server listens on something else
        return address
    if ip.version == 4:  # noqa: PLR2004 (is what it is called)
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((int(ip), IPV6_NETWORK_BITS), strict=False))


def hashed(key: str) -> str:
    """Shorten a key to 128 bits, which do not say whose it is."""
    return blake2b(key.encode(), digest_size=16).hexdigest()
