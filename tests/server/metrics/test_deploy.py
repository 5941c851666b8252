"""The dashboard and the alerts name what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from server.metrics.instruments import Instruments
from tests.server.metrics.dashboards import DASHBOARD, ROOT, RULES, TARGETS, filled_in
from tests.server.metrics.promql import complaints
from tests.server.metrics.scraping import Scraped

VARIABLES = {
    each["name"]: each["query"]["query"]
    for each in DASHBOARD["templating"]["list"]
    if each["type"] == "query"
}
VARIABLE = re.compile(r"label_values\((.+), (\w+)\)")
LINK = re.compile(r"(docs/[\w-]+\.md)#([\w-]+)")


def test_the_dashboard_names_metrics_that_exist(told: Scraped) -> None:
    """A panel that shows nothing looks like one where nothing happens."""
    found = {each["expr"]: complaints(filled_in(each["expr"]), told) for each in TARGETS}

    assert len(found) > 30
    assert {expression: wrong for expression, wrong in found.items() if wrong} == {}


def test_the_alerts_name_metrics_that_exist(told: Scraped) -> None:
    """One that does not would never alert."""
    found = {each["alert"]: complaints(each["expr"], told) for each in RULES}

    assert len(found) == len(RULES) > 8
    assert {alert: wrong for alert, wrong in found.items() if wrong} == {}


def test_the_dashboards_variables_are_labels_that_exist(told: Scraped) -> None:
    """Without a job to choose, all panels are empty."""
    for query in VARIABLES.values():
        asked = VARIABLE.fullmatch(query)
        assert asked is not None
        assert complaints(f"count by ({asked[2]}) ({filled_in(asked[1])})", told) == []

    used = {*re.findall(r"\$(\w+)", json.dumps(DASHBOARD["panels"]))}
    assert used == {*VARIABLES, "__rate_interval"}


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("inkwell_nothing_total", "no metric inkwell_nothing_total"),
        ("rate(inkwell_nothing_total[5m])", "no metric inkwell_nothing_total"),
        ("1 - sum(rate(inkwell_requests[5m])) / 2", "no metric inkwell_requests"),
        ("inkwell_errors_total{kode='X'}", "no label kode of inkwell_errors_total"),
        ("rate(inkwell_errors_total{code='X'}[1m])", "no code is X"),
        ("sum by (kode) (rate(inkwell_errors_total[1m]))", "no label kode to group by"),
        ("max(sum by (code) (inkwell_ready))", "no label code to group by"),
    ],
)
def test_what_does_not_exist_would_be_found(told: Scraped, expression: str, complaint: str) -> None:
    """The tests above can fail."""
    assert complaints(expression, told) == [complaint]


def test_what_is_no_expression_would_be_found(told: Scraped) -> None:
    """Prometheus would not load it, nor any other rule of its file."""
    with pytest.raises(ValueError, match=r"unclosed|unexpected|invalid"):
        complaints("sum(rate(inkwell_requests_total[5m])", told)


def test_every_metric_has_a_panel() -> None:
    """What is measured and nobody sees had better not be measured."""
    shown = json.dumps(TARGETS)

    missing = {name for name in names_of_all() if name not in shown}

    assert missing == {"process_virtual_memory_bytes"}


def names_of_all() -> set[str]:
    """Name all metrics, as they are without an ending."""
    return {family.name for family in Instruments().registry.collect()}


@pytest.mark.parametrize("rule", RULES, ids=[each["alert"] for each in RULES])
def test_an_alert_says_what_to_do(rule: dict[str, Any]) -> None:
    """To whoever is woken by it, and where to read on."""
    told = rule["annotations"]
    (page, heading) = LINK.findall(told["description"])[0]

    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert told["summary"].endswith(".") and len(told["description"]) > 60
    assert heading in headings_of(ROOT / page)


def headings_of(page: Path) -> set[str]:
    """Name the sections of a page, as links do."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}


def test_panels_do_not_cover_each_other() -> None:
    """Each has a place, and an id."""
    panels = DASHBOARD["panels"]
    taken = [
        (x, y)
        for each in panels
        for x in range(each["gridPos"]["x"], each["gridPos"]["x"] + each["gridPos"]["w"])
        for y in range(each["gridPos"]["y"], each["gridPos"]["y"] + each["gridPos"]["h"])
    ]

    assert len(taken) == len({*taken}) and max(x for x, _ in taken) == 23
    assert len({each["id"] for each in panels}) == len(panels)
