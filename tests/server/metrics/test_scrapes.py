"""What a scrape tells of the requests that came before it."""

from __future__ import annotations

import asyncio
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import domain
from persistence import Database
from server.metrics import sampling
from tests.factories import Given
from tests.server.metrics.app import FEED, SIGN_IN, SIGN_UP, WRITE, ask, measured, scraped
from tests.server.metrics.scraping import Scraped
from tests.server.sockets import until

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.backends("sqlite")  # what is measured is above all databases

NOWHERE = "postgresql+asyncpg://ada@127.0.0.1:1/inkwell"


@pytest.fixture
def url(database: Database, database_url: str) -> str:
    """A database that holds nothing."""
    return database_url


def test_without_the_setting_there_are_no_metrics(url: str) -> None:
    """Operation names are nobody's business unless an operator has said so."""
    with measured(url, metrics=False) as client:
        answer = client.get("/metrics")

    assert answer.status_code == 404


def test_what_is_off_runs_none_of_its_code(url: str) -> None:
    """Those who do not measure pay nothing, and what is on would be seen here."""
    called = {on: files_called(url, metrics=on) for on in (False, True)}

    assert "server/metrics/requests.py" in called[True]
    assert not {file for file in called[False] if "metrics" in file or "prometheus" in file}


def files_called(url: str, *, metrics: bool) -> set[str]:
    """Run a request, and tell whose code ran."""
    files = set[str]()

    def record(frame: FrameType, event: str, argument: Any) -> None:
        files.add(frame.f_code.co_filename.removeprefix(f"{ROOT}/"))

    with measured(url, metrics=metrics) as client:
        assert client.portal is not None
        client.portal.call(sys.setprofile, record)
        ask(client, FEED)
        client.portal.call(sys.setprofile, None)
    return files


def test_operations_are_measured_by_name(url: str) -> None:
    """How often, how long, and with how many statements."""
    with measured(url) as client:
        for _ in range(3):
            ask(client, FEED)
        ask(client, "{ __typename }")
        told = scraped(client)

    feed = {"operation": "Feed", "type": "query"}
    assert told("inkwell_operation_duration_seconds_count", **feed) == 3
    assert 0 < told("inkwell_operation_duration_seconds_sum", **feed) < 60
    assert told("inkwell_operation_statements_total", **feed) == 3
    assert told("inkwell_operation_failures_total", **feed) == 0
    assert told("inkwell_operation_duration_seconds_count", operation="(anonymous)") == 1


def test_requests_are_counted_by_status_and_viewer(url: str) -> None:
    """Those of probes and scrapes are left out: they would be most of them."""
    with measured(url) as client:
        token = ask(client, SIGN_UP)["data"]["signUp"]["token"]
        ask(client, FEED, token)
        ask(client, FEED)
        client.get("/missing")
        for path in ("/livez", "/readyz", "/metrics"):
            client.get(path)
        told = scraped(client)

    assert told("inkwell_requests_total") == 4
    assert told("inkwell_requests_total", status="200", viewer="user") == 1
    assert told("inkwell_requests_total", status="200", viewer="public") == 2
    assert told("inkwell_requests_total", status="404") == 1


def test_errors_are_counted_by_code(url: str) -> None:
    """Each code is there from the start, so that its first error is an increase."""
    with measured(url) as client:
        before = scraped(client)
        ask(client, "{ nope }")
        ask(client, WRITE)
        after = scraped(client)

    assert before("inkwell_errors_total") == 0
    assert len(before.values_of("code")) == 11
    assert after("inkwell_errors_total") == 2
    assert after("inkwell_errors_total", code="GRAPHQL_VALIDATION_FAILED") == 1
    assert after("inkwell_errors_total", code="UNAUTHENTICATED") == 1


@pytest.mark.parametrize("plans", [True, False])
def test_batches_are_measured_whoever_executes(url: str, *, plans: bool) -> None:
    """By how many keys they have: one each would be an N+1."""
    with measured(url, execution_plans=plans) as client:
        token = ask(client, SIGN_UP)["data"]["signUp"]["token"]
        ask(client, WRITE, token)
        ask(client, WRITE, token)
        before = scraped(client)
        ask(client, "{ posts { nodes { tags { name } } } }", token)
        after = scraped(client)

    def rise(name: str) -> float:
        return after(name) - before(name)

    assert rise("inkwell_loader_batch_keys_count") == 2
    assert rise("inkwell_loader_batch_keys_sum") == 3


def test_caches_tell_how_often_they_had_it(url: str) -> None:
    """A document that was refused is not kept, and is looked for in vain."""
    with measured(url) as client:
        for query in (FEED, FEED, FEED, "{ nope }", "{ nope }"):
            ask(client, query)
        told = scraped(client)

    lookups = "inkwell_cache_lookups_total"
    assert told(lookups, cache="documents", result="hit") == 2
    assert told(lookups, cache="documents", result="miss") == 3
    assert told(lookups, cache="plans", result="hit") == 2
    assert told(lookups, cache="plans", result="miss") == 1


def test_attempts_to_get_in_are_counted_by_their_end(url: str) -> None:
    """Guessing shows as wrong credentials first, and then as what is refused for it."""
    with measured(url, sign_in_limit_per_address="3 per hour") as client:
        ask(client, SIGN_UP)
        ask(client, SIGN_UP)
        for password in ("plainly-fake", "wrong-wrong", "wrong-wrong", "wrong-wrong"):
            ask(client, SIGN_IN, password=password)
        told = scraped(client)

    assert told("inkwell_sign_ups_total", outcome="success") == 1
    assert told("inkwell_sign_ups_total", outcome="taken") == 1
    assert told("inkwell_sign_ins_total", outcome="success") == 1
    assert told("inkwell_sign_ins_total", outcome="wrong_credentials") == 2
    assert told("inkwell_sign_ins_total", outcome="rate_limited") == 1
    assert told("inkwell_passwords_pending") == 0


async def test_sessions_in_use_are_counted_now_and_then(
    given: Given, database_url: str, database: Database
) -> None:
    """Once a minute each, however much they ask: it is noted that often that they were seen."""
    ada, token = await given.a_user(), domain.new_token()
    await given.a_session(of=ada, token=token, at=datetime.now(UTC) - timedelta(hours=1))

    def told() -> Scraped:
        with measured(database_url) as client:
            for _ in range(3):
                ask(client, FEED, token)
            return scraped(client)

    assert (await asyncio.to_thread(told))("inkwell_sessions_seen_total") == 1


def test_the_pool_and_the_process_are_looked_at(url: str) -> None:
    """As they are at the moment of the scrape."""
    with measured(url, db_pool_size=3, db_max_overflow=4) as client:
        ask(client, FEED)
        told = scraped(client)

    assert told("inkwell_pool_connections_limit", server="primary") == 7
    assert told("inkwell_pool_connections", state="in_use") == 0
    assert told("inkwell_pool_connections", state="idle") >= 1
    assert told("inkwell_pool_waiting") == told("inkwell_pool_waits_total") == 0
    assert told("process_resident_memory_bytes") > 1_000_000
    assert told("process_cpu_seconds_total") > 0


def test_a_directory_of_another_programs_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    """Whoever starts the server may have set the library's variable, for processes of their own."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(elsewhere))

    with measured(url) as client:
        ask(client, FEED)
        told = scraped(client)

    assert told("inkwell_requests_total") == 1
    assert not any(elsewhere.iterdir())


def test_what_can_not_be_looked_at_is_said_and_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    """Figures that stand still look like a server where nothing happens."""
    looks: list[None] = []

    def fail_at_first(database: Database) -> list[Any]:
        looks.append(None)
        if len(looks) == 2:  # the first is before the server has started
            raise OSError("a bug")
        return []

    monkeypatch.setattr(Database, "servers", fail_at_first)
    monkeypatch.setattr(sampling, "EVERY_SECONDS", 0.01)
    with measured(url) as client:
        client.portal.call(until, lambda: len(looks) > 5)  # type: ignore[union-attr] # it has one

    assert caplog.messages.count("Metrics could not be looked at") == 1


def test_it_tells_which_version_runs(url: str) -> None:
    """Figures change with releases."""
    with measured(url) as client:
        told = scraped(client)

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert told("inkwell_info", version=project["version"]) == 1
    assert told("inkwell_workers") == 1


def test_a_database_that_is_down_shows() -> None:
    """As not ready, as a server that does not answer, and as operations that failed."""
    with measured(NOWHERE) as client:
        ask(client, FEED)
        told = scraped(client)

    assert told("inkwell_database_up", server="primary") == 0
    assert told("inkwell_ready") == 0
    assert told("inkwell_operation_failures_total", operation="Feed") == 1
    assert told("inkwell_errors_total", code="SERVICE_UNAVAILABLE") == 1


def test_metrics_are_read_and_not_written(url: str) -> None:
    """And by those only who call the server by one of its names, as all but probes do."""
    with measured(url) as client:
        posted = client.post("/metrics", content=b"x" * 1_000)
        elsewhere = client.get("/metrics", headers={"host": "a.example"})
        below = client.get("/metrics/x")
        odd = client.get("/metrics?name[]=x", headers={"accept": "application/openmetrics-text;x"})

    assert [each.status_code for each in (posted, elsewhere, below, odd)] == [405, 400, 404, 200]
    assert odd.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert Scraped(odd.text)("inkwell_workers") == 1
