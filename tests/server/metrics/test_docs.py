"""The page on metrics lists those that there are."""

from __future__ import annotations

import re
from pathlib import Path

from tests.server.metrics.scraping import Scraped

PAGE = (Path(__file__).parents[3] / "docs/observability.md").read_text()
ROW = re.compile(
    r"^\| (`\w+`(?:, `\w+`)*) \| (gauge|counter|histogram) \| (.*?) ?\| .", re.MULTILINE
)
QUOTED = re.compile(r"`(\w+)`")
EXAMPLE = re.compile(r"```text\n(# TYPE.+?)```", re.DOTALL)


def test_the_page_lists_every_metric_with_its_kind_and_labels(told: Scraped) -> None:
    """In a table that operators search, and neither more nor less than a scrape has."""
    listed = {
        name: (kind, {*QUOTED.findall(labels)})
        for names, kind, labels in ROW.findall(PAGE)
        for name in QUOTED.findall(names)
    }

    assert listed == {
        family.name + "_total" * (family.type == "counter"): (
            family.type,
            {label for sample in family.samples for label in sample.labels} - {"le"},
        )
        for family in told.families
    }


def test_the_pages_example_is_a_scrape(told: Scraped) -> None:
    """With series that there are."""
    (text,) = EXAMPLE.findall(PAGE)
    example = Scraped(text)

    kinds = {family.name: family.type for family in told.families}
    assert len(example.families) > 4
    assert all(kinds[family.name] == family.type for family in example.families)
    assert all(labels <= told.labels()[name] for name, labels in example.labels().items())
