"""HTTP of every kind: nothing that can be sent makes the server fail, tell or stop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import requests
from tests.fuzz.client import Request, break_off
from tests.fuzz.conftest import Explore
from tests.fuzz.rounds import ROUND
from tests.fuzz.target import Target

pytestmark = pytest.mark.fuzz


def test_requests_of_any_kind_do_no_harm(target: Target, explored: Explore) -> None:
    """Whatever their method, URL, headers and body, GraphQL's address answers as GraphQL."""

    @ROUND
    @given(requests.requests())
    def claim(request: Request) -> None:
        target.ask(request)

    explored(claim)


def test_bodies_of_any_kind_do_no_harm(target: Target, explored: Explore) -> None:
    """However far they are read before they turn out to be none."""

    @ROUND
    @given(requests.bodies())
    def claim(body: bytes) -> None:
        target.ask(Request(body=body))

    explored(claim)


def test_bytes_of_any_kind_do_no_harm(target: Target, explored: Explore) -> None:
    """What no client sends, and an attacker does: half requests, two in one, framing that lies."""

    @ROUND
    @given(requests.requests().map(Request.encoded).flatmap(requests.spoilt), st.booleans())
    def claim(raw: bytes, waits: bool) -> None:
        if waits:
            target.ask_raw(raw)
        else:
            break_off(target.port, raw)
            target.check_alive(raw)

    explored(claim)


def test_bodies_that_break_off_do_no_harm(target: Target, explored: Explore) -> None:
    """A client is gone in the middle of a request, or before it is answered."""
    whole = requests.contents().map(requests.encoded)

    @ROUND
    @given(whole, st.none() | st.integers(1, 100), st.floats(0, 1))
    def claim(body: bytes, chunk_size: int | None, share: float) -> None:
        raw = Request(body=body, chunk_size=chunk_size).encoded()
        part = raw[: round(len(raw) * share)]
        break_off(target.port, part)
        target.check_alive(part)

    explored(claim)
