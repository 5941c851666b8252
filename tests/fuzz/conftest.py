"""A server in either environment, and a fair share of the time for each test."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeAlias

import pytest

from tests.fuzz.rounds import explore, total_seconds
from tests.fuzz.serving import serving
from tests.fuzz.target import Target

Explore: TypeAlias = Callable[[Callable[[], None]], None]


@pytest.fixture(scope="package", params=["development", "production"])
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Target]:
    """The server, in both environments."""
    in_production = request.param == "production"
    with serving(tmp_path_factory.mktemp("fuzz"), in_production=in_production) as target:
        yield target


@pytest.fixture
def explored(request: pytest.FixtureRequest, target: Target) -> Generator[Explore]:
    """Try a claim again and again, for the test's share of the time."""
    items = [each for each in request.session.items if each.get_closest_marker("fuzz")]
    seconds = total_seconds() / len(items)
    before = target.requests
    yield lambda claim: explore(claim, target.refresh, seconds=seconds)
    print(f" {target.requests - before:,} requests")  # noqa: T201 (`make fuzz` shows it)
