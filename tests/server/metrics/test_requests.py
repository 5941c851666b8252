"""How many series requests can make, and which of them count as an operation's."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import generate_latest

from schema.errors import Code
from server.http.request_log import RequestRecord
from server.metrics.instruments import Instruments
from server.metrics.requests import RequestMetrics
from tests.server.metrics.scraping import Scraped

COUNT = "inkwell_operation_duration_seconds_count"


class Requests:
    """Requests that have been answered, and what was measured of them."""

    def __init__(self, max_names: int = 100) -> None:
        self._instruments = Instruments()
        self._metrics = RequestMetrics(self._instruments, max_names=max_names)

    def answered(self, **told: Any) -> None:
        chosen = {"status": 200, "duration_ms": 1, "operation_type": "query", **told}
        self._metrics.observe(RequestRecord("3f9c", "POST", "/graphql", **chosen))

    def scraped(self) -> Scraped:
        return Scraped(generate_latest(self._instruments.registry).decode())


def test_a_thousand_names_are_a_hundred_and_one() -> None:
    """Names are the clients' to choose: one who makes up new ones would fill the memory."""
    requests = Requests(max_names=100)

    for number in range(1_000):
        requests.answered(operation_name=f"Name{number}")
        requests.answered(operation_name=f"Name{number}", operation_type="mutation")
    told = requests.scraped()

    assert len(told.values_of("operation")) == 101
    assert told(COUNT) == 2_000
    assert told(COUNT, operation="(other)", type="query") == 900
    assert told(COUNT, operation="Name99", type="mutation") == 1


def test_a_name_keeps_its_series_when_others_come() -> None:
    """A counter that went back would be a rise to Prometheus."""
    requests = Requests(max_names=1)

    for name in ("First", "Second", "First", None):
        requests.answered(operation_name=name)
    told = requests.scraped()

    assert told(COUNT, operation="First") == 2
    assert told(COUNT, operation="(other)") == 1
    assert told(COUNT, operation="(anonymous)") == 1


def test_no_names_at_all_may_be_told() -> None:
    """An operator may not want them kept."""
    requests = Requests(max_names=0)

    requests.answered(operation_name="Feed")

    assert requests.scraped().values_of("operation") == {"(other)"}


def test_a_name_that_nobody_can_read_is_another() -> None:
    """It may be as long as a document, which every scrape would repeat some twenty times."""
    requests = Requests()

    requests.answered(operation_name="x" * 100)
    requests.answered(operation_name="x" * 101)

    assert requests.scraped().values_of("operation") == {"x" * 100, "(other)"}


@pytest.mark.parametrize(
    "refused",
    [
        {"operation_type": None, "operation_name": "Broken", "status": 400},
        {"operation_name": "NoToken", "status": 401},
        {"operation_name": "Written", "operation_type": "mutation", "status": 405},
    ],
)
def test_what_did_not_run_is_no_operation(refused: dict[str, Any]) -> None:
    """It is a request, and maybe an error; its name tells nothing, and its time would mislead."""
    requests = Requests()

    requests.answered(**refused)
    told = requests.scraped()

    assert told.values_of("operation") == set()
    assert told("inkwell_requests_total", status=str(refused["status"])) == 1


@pytest.mark.parametrize(
    ("told", "failures"),
    [
        ({}, 0),
        ({"error_codes": [Code.BAD_CURSOR, Code.FORBIDDEN]}, 0),
        ({"error_codes": [Code.RATE_LIMITED]}, 0),
        ({"status": 499}, 0),
        ({"error_codes": [Code.BAD_USER_INPUT, Code.INTERNAL_SERVER_ERROR]}, 1),
        ({"error_codes": ["TIMEOUT"], "status": 504}, 1),
        ({"error_codes": [Code.SERVICE_UNAVAILABLE], "status": 503}, 1),
        ({"status": 500}, 1),
    ],
)
def test_a_failure_is_what_clients_can_not_help(told: dict[str, Any], failures: int) -> None:
    """Whoever is called at night can do nothing about a client's mistakes."""
    requests = Requests()

    requests.answered(operation_name="Feed", **told)

    assert requests.scraped()("inkwell_operation_failures_total") == failures


def test_durations_are_seconds() -> None:
    """As Prometheus would have them; the log has milliseconds."""
    requests = Requests()

    requests.answered(operation_name="Feed", duration_ms=2_000)
    told = requests.scraped()

    assert told("inkwell_operation_duration_seconds_sum") == 2
    assert told("inkwell_operation_duration_seconds_bucket", le="1.0") == 0
    assert told("inkwell_operation_duration_seconds_bucket", le="2.5") == 1
