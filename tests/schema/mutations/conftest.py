"""Fixtures: one mutation at a time, and all that is stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias

import pytest

import domain
from tests.conftest import Execute
from tests.factories import Given, signed_in
from tests.schema.mutations.documents import EVERYTHING, Outcome, document_of, outcome_of


class Mutate(Protocol):
    """Runs one mutation as a request of its own, and tells what came of it."""

    async def __call__(
        self,
        field: str,
        payload: str = "__typename",
        viewer: domain.Viewer = None,
        **input: Any,
    ) -> Outcome: ...


ReadAll: TypeAlias = Callable[[], Awaitable[Any]]


@pytest.fixture
def mutate(execute: Execute) -> Mutate:
    """Run one mutation; what it fails with beside the data is told by its code."""

    async def mutate(
        field: str,
        payload: str = "__typename",
        viewer: domain.Viewer = None,
        **input: Any,
    ) -> Outcome:
        result = await execute(document_of(field, payload), viewer, input=input)
        return outcome_of(result, field)

    return mutate


@pytest.fixture
async def read_all(execute: Execute, given: Given) -> ReadAll:
    """All that is stored and can be seen by anyone: equal before and after, nothing was written."""
    admin = signed_in(await given.a_user(username="the_admin", role=domain.Role.ADMIN))

    async def read_all() -> Any:
        result = await execute(EVERYTHING, admin)
        assert result.errors is None
        return result.data

    return read_all
