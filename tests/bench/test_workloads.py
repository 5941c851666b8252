"""The requests of the speed benchmark, which docs/performance.md shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.workloads import UNIQUE, WORKLOADS, Workload
from server import demo

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
SIZES = demo.Sizes(users=130, posts=300, comments=900, tags=8)


def test_the_page_shows_the_documents() -> None:
    """Whoever compares their own server sends the same."""
    shown = re.findall(r"```graphql\n(.*?)```", PAGE.read_text(), re.DOTALL)

    assert [text.strip() for text in shown] == [each.document.strip() for each in WORKLOADS]


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_requests_are_the_same_every_time(workload: Workload) -> None:
    """One line each, which is how wrk is told them."""
    requests = workload.requests(SIZES, 20)

    assert requests == workload.requests(SIZES, 20)
    assert not any(b"\n" in request for request in requests)


def test_what_is_written_has_room_for_digits() -> None:
    """A title that comes twice takes one more statement, to find another slug."""
    (write,) = (each for each in WORKLOADS if each.is_signed_in)

    assert all(request.count(UNIQUE.encode()) == 1 for request in write.requests(SIZES, 20))
