"""Passwords, hashed by Argon2id."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.low_level import ARGON2_VERSION, Type
from argon2.profiles import RFC_9106_LOW_MEMORY

import domain

T = TypeVar("T")

MAX_THREADS = 4
MAX_WAITING_PER_THREAD = 8  # about a second's work; whoever comes later is told to try again
TYPE_NAMES = {Type.D: "argon2d", Type.I: "argon2i", Type.ID: "argon2id"}

log = logging.getLogger("inkwell.passwords")


class Argon2Passwords:
    """`domain.Passwords` by Argon2, with RFC 9106's recommendation for little memory: 64 MiB.

    Argon2 lets go of the interpreter while it works, and works in threads of its own: the event
    loop goes on, and no more hashes are made at once, of 64 MiB each, than there are threads.
    Who finds too many others waiting gets `domain.Busy`.
    """

    def __init__(self, parameters: Parameters = RFC_9106_LOW_MEMORY) -> None:
        self._hasher = PasswordHasher.from_parameters(parameters)
        self._stand_in = nobodys_hash(parameters)
        threads = min(MAX_THREADS, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._all_places = self._places = threads * (1 + MAX_WAITING_PER_THREAD)

    @property
    def pending(self) -> int:
        """How many are being hashed or verified, or wait for that."""
        return self._all_places - self._places

    async def hash(self, password: str) -> str:
        return await self._in_a_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        return await self._in_a_thread(self._verify, password_hash, password)

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """End the threads; what waits for its turn is cancelled."""
        self._threads.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _verify(self, password_hash: str | None, password: str) -> bool:
        try:
            is_right = self._hasher.verify(password_hash or self._stand_in, password)
        except VerifyMismatchError:
            return False
        except (InvalidHashError, VerificationError) as error:
            log.error("A password could not be verified, and counts as wrong: %r", error)  # noqa: TRY400 (a traceback would tell no more)
            return False
        return is_right and password_hash is not None

    async def _in_a_thread(self, function: Callable[..., T], *arguments: object) -> T:
        if not self._places:
            raise domain.Busy
        self._places -= 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, function, *arguments)
        finally:
            self._places += 1


def nobodys_hash(parameters: Parameters) -> str:
    """Write a hash that takes as long to verify as another, without the time to make one."""
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (parameters.salt_len, parameters.hash_len)
    )
    costs = f"m={parameters.memory_cost},t={parameters.time_cost},p={parameters.parallelism}"
    return f"${TYPE_NAMES[parameters.type]}$v={ARGON2_VERSION}${costs}${salt}${digest}"
