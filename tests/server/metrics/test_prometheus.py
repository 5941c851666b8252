"""Prometheus itself reads a server's metrics, the dashboard's expressions and the alerts."""

from __future__ import annotations

import asyncio
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from httpx2 import AsyncClient

from tests.server.metrics.app import FEED, RIGHT, SIGN_IN, SIGN_UP
from tests.server.metrics.dashboards import ALERTS_FILE, ROOT, RULES, TARGETS, filled_in
from tests.server.processes import connected, deployed
from tests.servers import Prometheus
from tests.servers.binaries import of_prometheus
from tests.servers.system import free_port

OF_PROMETHEUS = pytest.mark.slow  # which only `make servers` gets
SECONDS = 60  # on a machine that does other things, too
SCRAPES = "count_over_time(up[1m])"
PAGE = ROOT / "docs/observability.md"
CONFIGURATION = re.compile(r"^```yaml\n(rule_files:.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Story:
    """What a server's series say, minute by minute, and when somebody is told what.

    The series are in promtool's words: `1x5 0x20` is a 1, five more, and then zeros, and `0+2x20`
    begins at 0 and adds 2 each minute.
    """

    series: dict[str, str]
    quiet_at: int
    told_at: int
    labels: dict[str, str]
    summary: str


ONE = {"job": "inkwell", "instance": "a"}
SELECTED = 'job="inkwell",instance="a"'
STORIES = {
    "InkwellDown": Story({f"up{{{SELECTED}}}": "1x5 0x20"}, 7, 9, ONE, "a can't be scraped."),
    "InkwellNotReady": Story(
        {f"inkwell_ready{{{SELECTED}}}": "1x5 0x20"}, 7, 9, ONE, "a is not ready."
    ),
    "InkwellDatabaseDown": Story(
        {f'inkwell_database_up{{{SELECTED},server="primary"}}': "1x5 0x20"},
        6,
        8,
        {**ONE, "server": "primary"},
        "a could not connect to the primary when it last tried.",
    ),
    "InkwellFailing": Story(
        {
            f'inkwell_operation_failures_total{{{SELECTED},operation="Feed"}}': "0x5 0+2x20",
            f'inkwell_operation_duration_seconds_count{{{SELECTED},operation="Feed"}}': "0+50x25",
        },
        10,
        19,
        {"job": "inkwell"},
        "4% of the operations fail.",
    ),
    "InkwellBug": Story(
        {f'inkwell_errors_total{{{SELECTED},code="INTERNAL_SERVER_ERROR"}}': "0x5 1x20"},
        5,
        6,
        {"job": "inkwell"},
        "Something went wrong that nobody foresaw.",
    ),
    "InkwellSlow": Story(
        {
            f'inkwell_operation_duration_seconds_bucket{{{SELECTED},le="1.0"}}': "0+90x30",
            f'inkwell_operation_duration_seconds_bucket{{{SELECTED},le="2.5"}}': "0+100x30",
            f'inkwell_operation_duration_seconds_bucket{{{SELECTED},le="+Inf"}}': "0+100x30",
        },
        9,
        13,
        {"job": "inkwell"},
        "One operation in twenty takes more than 1.75s.",
    ),
    "InkwellPoolWaiting": Story(
        {f'inkwell_pool_waiting{{{SELECTED},server="primary"}}': "0x5 3x20"},
        7,
        9,
        {**ONE, "server": "primary"},
        "3 requests of a wait for a connection to the primary.",
    ),
    "InkwellCpu": Story(
        {
            f"process_cpu_seconds_total{{{SELECTED}}}": "0+108x30",
            f"inkwell_workers{{{SELECTED}}}": "2x30",
        },
        13,
        17,
        ONE,
        "Each worker of a takes 90% of a core.",
    ),
    "InkwellLag": Story(
        {
            f'inkwell_event_loop_lag_seconds_bucket{{{SELECTED},le="0.25"}}': "0+6x30",
            f'inkwell_event_loop_lag_seconds_bucket{{{SELECTED},le="0.5"}}': "0+60x30",
            f'inkwell_event_loop_lag_seconds_bucket{{{SELECTED},le="+Inf"}}': "0+60x30",
        },
        9,
        13,
        ONE,
        "a does what is due 472.2ms late.",
    ),
    "InkwellWorkersRestart": Story(
        {
            f"process_start_time_seconds{{{SELECTED}}}": "1 1 1 1 1 2 3 4x20",
            f"inkwell_workers{{{SELECTED}}}": "2x30",
        },
        6,
        7,
        ONE,
        "Workers of a die and are replaced.",
    ),
    "InkwellGuessing": Story(
        {f'inkwell_sign_ins_total{{{SELECTED},outcome="rate_limited"}}': "0+120x30"},
        9,
        13,
        {"job": "inkwell"},
        "2 sign-ins a second are refused for their number.",
    ),
}


def promtool(*arguments: str | Path, said: str | None = None) -> str:
    """Run it to its end, and return what it says; raises `AssertionError` with that."""
    done = subprocess.run(  # noqa: S603 (ours)
        [of_prometheus("promtool"), *arguments],
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@OF_PROMETHEUS
@pytest.mark.parametrize("alert", STORIES)
def test_an_alert_is_told_when_its_trouble_lasts(alert: str, tmp_path: Path) -> None:
    """And not before, in words that name where it is."""
    story = STORIES[alert]
    [rule] = [each for each in RULES if each["alert"] == alert]
    told = {
        "exp_labels": {**rule["labels"], **story.labels},
        "exp_annotations": {**rule["annotations"], "summary": story.summary},
    }
    tests = {
        "rule_files": [str(ALERTS_FILE)],
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": s, "values": v} for s, v in story.series.items()],
                "alert_rule_test": [
                    {"eval_time": f"{story.quiet_at}m", "alertname": alert, "exp_alerts": []},
                    {"eval_time": f"{story.told_at}m", "alertname": alert, "exp_alerts": [told]},
                ],
            }
        ],
    }
    file = tmp_path / "tests.yaml"
    file.write_text(yaml.safe_dump(tests))

    promtool("test", "rules", file)


def test_every_alert_has_its_story() -> None:
    """One without would be known to be read, and not to be told."""
    assert [each["alert"] for each in RULES] == [*STORIES]


@OF_PROMETHEUS
def test_the_pages_configuration_is_one(tmp_path: Path) -> None:
    """With the alerts beside it, as it says."""
    [shown] = CONFIGURATION.findall(PAGE.read_text())
    (tmp_path / "prometheus.yml").write_text(shown)
    (tmp_path / "alerts.yaml").write_text(ALERTS_FILE.read_text())

    assert f"{len(RULES)} rules found" in promtool("check", "config", tmp_path / "prometheus.yml")


@OF_PROMETHEUS
async def test_prometheus_has_something_for_each_panel(url: str, tmp_path: Path) -> None:
    """Once it has scraped a server that was used, and it takes all of the alerts."""
    port = free_port()
    async with (
        deployed(tmp_path, database_url=url, metrics_port=port) as server,
        Prometheus(port, rules=ALERTS_FILE) as prometheus,
    ):
        async with connected(server.port) as connection:
            for document, variables in ((SIGN_UP, {}), (SIGN_IN, RIGHT), (FEED, {})):
                assert "errors" not in (await connection.query(document, **variables)).body
        async with AsyncClient() as client:
            metrics = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
        await until_scraped(prometheus, times=3)
        empty = [
            expression
            for expression in {filled_in(each["expr"]) for each in TARGETS}
            if not await prometheus.value_of(expression.replace(" > 0", ""))  # which hides nothing
        ]
        groups = (await prometheus.ask("rules"))["groups"]

    rules: list[dict[str, Any]] = [rule for group in groups for rule in group["rules"]]
    assert empty == []
    assert {each["health"] for each in rules} == {"ok"}
    assert "firing" not in {each["state"] for each in rules}
    assert len(rules) == len(RULES)
    assert promtool("check", "metrics", said=metrics) == ""


async def until_scraped(prometheus: Prometheus, *, times: int) -> None:
    """Wait for as many scrapes, as rates take several."""
    async with asyncio.timeout(SECONDS):
        while not await prometheus.value_of(f"{SCRAPES} > {times}"):  # noqa: ASYNC110 (it tells by no event)
            await asyncio.sleep(0.1)
