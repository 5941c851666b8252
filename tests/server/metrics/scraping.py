"""What a scrape says, as Prometheus reads it."""

from __future__ import annotations

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families


class Scraped:
    """The series of a scrape."""

    def __init__(self, text: str) -> None:
        self.families: list[Metric] = [*text_string_to_metric_families(text)]
        self._samples = [sample for family in self.families for sample in family.samples]

    def __call__(self, name: str, **labels: str) -> float:
        """Add up the series that have these labels; raises `LookupError` if there are none."""
        found = [
            each.value
            for each in self._samples
            if each.name == name and labels.items() <= each.labels.items()
        ]
        if not found:
            raise LookupError(name, labels)
        return sum(found)

    def labels(self) -> dict[str, set[str]]:
        """Name all series, and the labels of each."""
        found: dict[str, set[str]] = {}
        for each in self._samples:
            found.setdefault(each.name, set()).update(each.labels)
        return found

    def values_of(self, label: str) -> set[str]:
        """List what a label says."""
        return {each.labels[label] for each in self._samples if label in each.labels}
