"""What the README and the comparison claim, where a test can tell."""

from __future__ import annotations

import re
import struct
from itertools import chain
from pathlib import Path

import orjson
import pytest

from bench import history

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
PERFORMANCE = (ROOT / "docs" / "performance.md").read_text()
COMPARISON = (ROOT / "docs" / "comparison.md").read_text()
MULTIPLE = re.compile(r"([\d.]+)x\b")
PICTURE = re.compile(r'(?:src|srcset)="([^"]+)"')
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
NAMED = re.compile(r"`(tests/[^`]*)`")
WORKLOADS = 5
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def figures(page: str) -> dict[str, list[str]]:
    """The multiples of each server in a page's tables, by its name."""
    rows = [line.split("|")[1:] for line in page.splitlines() if line.startswith("|")]
    found = [(name.strip("* "), MULTIPLE.findall(" ".join(cells))) for name, *cells in rows]
    return {name: multiples for name, multiples in found if len(multiples) == WORKLOADS}


def test_the_readmes_figures_are_those_of_the_performance_page() -> None:
    """There the milliseconds stand beside them, and how they were measured."""
    claimed, measured = figures(README), figures(PERFORMANCE)

    assert len(claimed) == 7
    assert claimed == {name: measured.get(name) for name in claimed}


def test_inkwells_figures_are_the_last_that_were_recorded() -> None:
    """A commit that is faster or slower shows it here, too."""
    last = orjson.loads(history.HISTORY.read_bytes().splitlines()[-1])["figures"]
    recorded = [f"{last[name]['inkwell']['multiple']:.1f}" for name in last]

    assert [*last] == ["point", "feed", "wide", "write", "tiny"]
    assert figures(README)["Inkwell"] == recorded


@pytest.mark.parametrize("picture", PICTURE.findall(README))
def test_a_picture_is_there_and_small(picture: str) -> None:
    """The page is read over slow lines as well, and `make picture` takes it in this size."""
    content = (ROOT / picture).read_bytes()

    assert content.startswith(SIGNATURE)
    assert struct.unpack(">II", content[16:24]) == (1280, 800)
    assert len(content) < 300_000


@pytest.mark.parametrize(
    "path",
    sorted(
        {
            *(ROOT / link for link in LINK.findall(README)),
            *(ROOT / "docs" / link for link in LINK.findall(COMPARISON)),
            *(ROOT / name for name in chain(NAMED.findall(README), NAMED.findall(COMPARISON))),
        }
    ),
    ids=lambda path: path.name,
)
def test_what_is_referred_to_is_there(path: Path) -> None:
    """Each page and each test that a claim rests on."""
    assert path.exists()


def test_the_readme_compares_with_what_was_looked_at() -> None:
    """Each column has its version and its sources in the comparison."""
    header = next(line for line in README.splitlines() if line.startswith("| | Inkwell |"))
    _, *others = re.findall(r"[A-Za-z][\w-]*", re.sub(r"\(.*?\)| v?\d", "", header))

    looked_at = COMPARISON.partition("## Which to take")[0]
    assert len(others) == 4
    assert all(name in looked_at for name in others), others
