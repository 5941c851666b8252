"""Limits of attempts: in memory, in Redis, and in memory while Redis is silent."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

import domain
from server import rate_limits
from server.rate_limits import MEMORY, Limits, RateLimits, network_of, parse_limit

REDIS = "redis://127.0.0.1:6379/9"
NO_REDIS = "redis://127.0.0.1:1/0"
LIMITS = Limits(
    sign_in_per_login=parse_limit("3 per 15 minutes"),
    sign_in_per_address=parse_limit("5 per 15 minutes"),
    sign_up_per_address=parse_limit("2 per hour"),
)


@pytest.fixture(params=[MEMORY, REDIS, NO_REDIS], ids=["memory", "redis", "redis-is-down"])
async def limits(request: pytest.FixtureRequest) -> AsyncGenerator[RateLimits]:
    """Limits that count in one place or another, which may not make a difference."""
    if request.param == REDIS:
        await need_redis()
    async with RateLimits.connect(LIMITS, request.param) as limits:
        yield limits


async def need_redis() -> None:
    async with Redis.from_url(REDIS) as redis:
        try:
            await redis.ping()
        except RedisError as error:
            message = f"Redis does not answer at {REDIS}: {error}"
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(f"{message}; `docker compose up -d redis` starts it.")


@pytest.fixture
def login() -> str:
    """A login that no other test has tried."""
    return f"zoe-{secrets.token_hex(8)}@example.com"


@pytest.fixture
def address() -> str:
    """An address that no other test has tried from."""
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


def another_address() -> str:
    return f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"


async def test_a_login_can_be_tried_so_often(limits: RateLimits, login: str) -> None:
    """From wherever it is: guessing is not for sale by the address."""
    for _ in range(3):
        await limits.count_sign_in(login, another_address())

    with pytest.raises(domain.TooManyAttempts) as refused:
        await limits.count_sign_in(login, another_address())

    assert 1 <= refused.value.retry_after_seconds <= 15 * 60


async def test_an_address_can_try_so_often(limits: RateLimits, address: str) -> None:
    """Whatever logins it tries: one common password for everybody is guessing, too."""
    for _ in range(5):
        await limits.count_sign_in(secrets.token_hex(8), address)

    with pytest.raises(domain.TooManyAttempts):
        await limits.count_sign_in(secrets.token_hex(8), address)


async def test_an_address_can_sign_up_so_often(limits: RateLimits, address: str) -> None:
    """And sign in besides: the two are counted apart."""
    for _ in range(2):
        await limits.count_claim(address)

    with pytest.raises(domain.TooManyAttempts) as refused:
        await limits.count_claim(address)
    await limits.count_sign_in(secrets.token_hex(8), address)

    assert 1 <= refused.value.retry_after_seconds <= 60 * 60


async def test_the_right_password_forgives_wrong_ones(limits: RateLimits, login: str) -> None:
    """Whoever knows it may mistype as often again."""
    for _ in range(3):
        await limits.count_sign_in(login, another_address())

    await limits.forget_sign_ins(login)

    await limits.count_sign_in(login, another_address())


async def test_the_right_password_of_one_login_forgives_no_address(
    limits: RateLimits, address: str, login: str
) -> None:
    """Or guessing at others would go on for ever, with an account of one's own in between."""
    for _ in range(5):
        await limits.count_sign_in(secrets.token_hex(8), address)

    await limits.forget_sign_ins(login)

    with pytest.raises(domain.TooManyAttempts):
        await limits.count_sign_in(login, address)


async def test_attempts_at_the_same_time_are_all_counted(limits: RateLimits, login: str) -> None:
    """Counting comes before the password is looked at, and no two count as one."""
    attempts = (limits.count_sign_in(login, another_address()) for _ in range(20))

    results = await asyncio.gather(*attempts, return_exceptions=True)

    refused = [result for result in results if isinstance(result, domain.TooManyAttempts)]
    assert (len(refused), results.count(None)) == (17, 3)


async def test_a_refused_address_uses_up_no_login(
    limits: RateLimits, address: str, login: str
) -> None:
    """Else anyone could go on locking somebody out, long after they were stopped."""
    for _ in range(5):
        await limits.count_sign_in(secrets.token_hex(8), address)

    for _ in range(10):
        with pytest.raises(domain.TooManyAttempts):
            await limits.count_sign_in(login, address)

    await limits.count_sign_in(login, another_address())


async def test_guesses_at_a_refused_login_count_for_their_address(
    limits: RateLimits, address: str, login: str
) -> None:
    """Being refused is not a way to try for free."""
    for _ in range(3):
        await limits.count_sign_in(login, another_address())

    for _ in range(5):
        with pytest.raises(domain.TooManyAttempts):
            await limits.count_sign_in(login, address)

    with pytest.raises(domain.TooManyAttempts):
        await limits.count_sign_in(secrets.token_hex(8), address)


@pytest.mark.parametrize("limit", ["2 per second", "3 per 15 minutes", "100 per hour"])
async def test_an_attempt_is_possible_after_the_wait(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """The seconds are told to be waited for: they are enough, and not more than it takes."""
    clock = 1_800_000_123.25
    monkeypatch.setattr(time, "time", lambda: clock)
    plenty = parse_limit("1000 per second")
    limits = RateLimits(
        Limits(
            sign_in_per_login=parse_limit(limit),
            sign_in_per_address=plenty,
            sign_up_per_address=plenty,
        )
    )

    for _ in range(5):
        with pytest.raises(domain.TooManyAttempts) as refused:
            for _ in range(101):
                await limits.count_sign_in("ada", "10.0.0.1")
        clock += refused.value.retry_after_seconds - 1
        with pytest.raises(domain.TooManyAttempts):
            await limits.count_sign_in("ada", "10.0.0.1")
        clock += 1
        await limits.count_sign_in("ada", "10.0.0.1")


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:DB8:1:2::1", "2001:db8:0001:0002::2"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_addresses_of_one_customer_count_as_one(one: str, another: str) -> None:
    """A household has 2⁶⁴ addresses of IPv6, and IPv4 can be written as one."""
    assert network_of(one) == network_of(another)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("192.0.2.1", "192.0.2.2"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
        ("testclient", "unknown"),
    ],
)
def test_addresses_of_different_customers_count_apart(one: str, another: str) -> None:
    """Nobody waits for what a neighbour did."""
    assert network_of(one) != network_of(another)


async def test_redis_learns_no_login_and_no_address(login: str, address: str) -> None:
    """They are personal, and nobody expects them in a cache."""
    await need_redis()
    async with Redis.from_url(REDIS) as redis, RateLimits.connect(LIMITS, REDIS) as limits:
        before = set(await redis.keys("*"))

        await limits.count_sign_in(login, address)

        added = set(await redis.keys("*")) - before
        assert len(added) >= 2
        assert not [key for key in added if b"zoe" in key or b"2001:" in key]
        for key in added:
            assert 0 < await redis.ttl(key) <= 2 * 60 * 60


async def test_workers_count_together_in_redis(login: str) -> None:
    """Each of them is another process, with a connection of its own."""
    await need_redis()
    async with (
        RateLimits.connect(LIMITS, REDIS) as one,
        RateLimits.connect(LIMITS, REDIS) as another,
    ):
        for limits in (one, another, one):
            await limits.count_sign_in(login, another_address())

        with pytest.raises(domain.TooManyAttempts):
            await another.count_sign_in(login, another_address())


async def test_an_outage_is_logged_once(caplog: pytest.LogCaptureFixture, login: str) -> None:
    """A line each time that anyone signs in would bury the others."""
    async with RateLimits.connect(LIMITS, NO_REDIS) as limits:
        for _ in range(3):
            await limits.count_sign_in(login, another_address())

    (record,) = caplog.records
    assert "Redis does not answer" in record.message


class Relay:
    """Stands between a client and Redis, and can be cut."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", 6379)
        self._writers |= {writer, far_writer}
        await asyncio.gather(
            pump(reader, far_writer), pump(far_reader, writer), return_exceptions=True
        )


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while received := await reader.read(65_536):
        writer.write(received)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def relay_to_redis() -> AsyncGenerator[Relay]:
    await need_redis()
    relay = Relay()
    await relay.open()
    try:
        yield relay
    finally:
        await relay.cut()


async def test_limits_outlive_an_outage_of_redis(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    """Nobody is locked out for it, nobody may guess without end, and then all is as before."""
    monkeypatch.setattr(rate_limits, "REDIS_PAUSE_SECONDS", 0)
    caplog.set_level(logging.WARNING)
    async with (
        relay_to_redis() as relay,
        RateLimits.connect(LIMITS, f"redis://127.0.0.1:{relay.port}/9") as limits,
    ):
        await limits.count_sign_in(login, another_address())

        await relay.cut()
        for _ in range(3):  # in memory, from none
            await limits.count_sign_in(login, another_address())
        with pytest.raises(domain.TooManyAttempts):
            await limits.count_sign_in(login, another_address())
        await relay.open()

        for _ in range(2):  # in Redis, from one
            await limits.count_sign_in(login, another_address())
        with pytest.raises(domain.TooManyAttempts):
            await limits.count_sign_in(login, another_address())

    silent, again = [record.message for record in caplog.records]
    assert "does not answer" in silent and "answers again" in again


async def test_a_redis_that_hangs_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    """The first attempt waits for a moment, and those after it do not."""
    monkeypatch.setattr(rate_limits, "REDIS_TIMEOUT_SECONDS", 0.1)

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, RateLimits.connect(LIMITS, f"redis://127.0.0.1:{port}/0") as limits:
        began = time.monotonic()
        await limits.count_sign_in(login, another_address())
        first = time.monotonic() - began
        await limits.count_sign_in(login, another_address())
        second = time.monotonic() - began - first

    assert 0.1 <= first < 2
    assert second < 0.1
