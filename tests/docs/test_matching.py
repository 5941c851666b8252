"""A page that says something else than what is printed is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.checkout import Checkout
from tests.docs.matching import match
from tests.docs.pages import Block, Step, section, steps

TABLE = """
  pid  |  since   | query
-------+----------+--------
 16695 | 00:00:01 | SELECT
(1 row)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """One whose commands are of no page."""
    return Checkout(tmp_path, [])


def nowhere(*each: Step) -> Block:
    return Block("docs/operations.md", "Nowhere", each)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        pytest.param(TABLE, TABLE.replace("16695", "7").replace("---", "--"), id="numbers"),
        pytest.param("at 2026-11-26  9:15:03", "at 2027-01-02 19:15:03", id="moments"),
        pytest.param("a\n…\nd", "a\nb\nc\nd", id="lines"),
        pytest.param("a\n…", "a", id="no-lines"),
        pytest.param("id …, done", "id 4f, done", id="a-part-of-a-line"),
    ],
)
def test_what_differs_from_run_to_run_may_differ(shown: str, printed: str) -> None:
    """Or no page could be compared twice."""
    assert match(shown, printed) is not None


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        pytest.param(TABLE, TABLE.replace("SELECT", "DELETE"), id="a-word"),
        pytest.param(TABLE, TABLE.replace("query", "query | state"), id="a-column"),
        pytest.param(TABLE, TABLE.replace("(1 row)", ""), id="a-line-less"),
        pytest.param("", "ERROR", id="an-error"),
        pytest.param("4c0e9d7a51b2", "b7d5350855da", id="a-revision"),
        pytest.param("id …, done", "id 4f\n, done", id="a-line-in-a-part"),
        pytest.param("PORT=.*", "PORT=80", id="no-pattern-of-the-pages-own"),
    ],
)
def test_what_means_something_else_is_something_else(shown: str, printed: str) -> None:
    """The words, the columns and the lines are what a reader looks for."""
    assert match(shown, printed) is None


def test_an_exact_page_has_its_own_numbers() -> None:
    """Those of settings are the point."""
    assert match("8010 at 2026-01-01 12:00", "8010 at 2026-01-02 13:00", exact=True) is not None
    assert match("PORT=8010", "PORT=8011", exact=True) is None


def test_steps_have_prompts_and_outputs_or_a_line_each() -> None:
    """And go on after a backslash."""
    assert steps("$ one \\\n  more\n1\n2\n$ two\n") == [
        Step("one \\\n  more", "1\n2\n"),
        Step("two", ""),
    ]
    assert steps("one\ntwo \\\n  more\n") == [Step("one", None), Step("two \\\n  more", None)]


def test_a_section_that_is_not_there_is_missed() -> None:
    """It may have got another name."""
    with pytest.raises(LookupError, match="'Nowhere'"):
        section("docs/operations.md", "Nowhere")


@pytest.mark.parametrize(
    "step", [Step("echo other", "shown\n"), Step("echo unasked", ""), Step("exit 3", None)]
)
async def test_a_command_that_does_something_else_fails(checkout: Checkout, step: Step) -> None:
    """Whether it prints or ends otherwise."""
    with pytest.raises(AssertionError):
        await checkout.run(nowhere(step))


async def test_sessions_and_ports_of_a_page_become_those_of_the_test(checkout: Checkout) -> None:
    """In commands, and the ports back in what they print."""
    checkout.ports = {5432: 21_000}
    told = Step("echo pid $((4000 + 711)) at 127.0.0.1:5432", "pid 16695 at 127.0.0.1:5432\n")
    used = Step("test 'end(16695) port=5432' = 'end(4711) port=21000'", None)

    await checkout.run(nowhere(told, used))
