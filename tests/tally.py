"""A table of what a run tested, database by suite: a plugin for `pytest -p tests.tally`."""

from __future__ import annotations

from collections import Counter

import pytest

NONE = "no database"


class Tally:
    """Counts the outcomes of tests."""

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[str, str, str]] = Counter()
        self.reasons: Counter[tuple[str, str, str]] = Counter()

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once it has run, or earlier if it goes wrong or does not run."""
        if report.when != "call" and report.passed:
            return
        database = dict(report.user_properties).get("database", NONE)
        where = (str(database), report.nodeid.split("/")[1])
        self.outcomes[*where, report.outcome] += 1
        if report.skipped and isinstance(report.longrepr, tuple):
            self.reasons[*where, report.longrepr[2].removeprefix("Skipped: ")] += 1

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, and why tests were skipped."""
        suites = sorted({suite for _, suite, _ in self.outcomes})
        terminalreporter.section("database by suite")
        terminalreporter.line(row("", suites))
        terminalreporter.line(row("---", ["---"] * len(suites)))
        for database in sorted({database for database, _, _ in self.outcomes}, key=str.lower):
            terminalreporter.line(row(database, [self._cell(database, each) for each in suites]))
        for (database, suite, reason), count in sorted(self.reasons.items()):
            terminalreporter.line(f"skipped on {database}, {suite}: {count} x {reason}")

    def _cell(self, database: str, suite: str) -> str:
        counts = {each: self.outcomes[database, suite, each] for each in ("skipped", "failed")}
        others = [f"{count} {outcome}" for outcome, count in counts.items() if count]
        return ", ".join([str(self.outcomes[database, suite, "passed"]), *others])


def row(head: str, cells: list[str]) -> str:
    return f"| {' | '.join([head, *cells])} |"


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Tally())


def pytest_itemcollected(item: pytest.Item) -> None:
    """Note a test's database where its report will carry it to whoever counts."""
    parameters = getattr(item, "callspec", None)
    if parameters and "backend" in parameters.params:
        item.user_properties.append(("database", parameters.params["backend"].name))
