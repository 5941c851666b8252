"""The commands that pages show, and what they print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PART = re.compile(
    r"^#+ (?P<heading>[^\n]*)$|^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
COMMAND = r"((?:.*\\\n)*.+)\n"  # which goes on after a backslash
WITH_OUTPUT = re.compile(rf"^\$ {COMMAND}((?:(?!\$ ).*\n)*)", re.MULTILINE)
ALONE = re.compile(rf"^{COMMAND}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what the page says that it prints; None if the page does not say."""

    command: str
    output: str | None

    def __str__(self) -> str:
        """The command in one line."""
        return re.sub(r"\\\n\s*", "", self.command)


@dataclass(frozen=True, slots=True)
class Block:
    """Steps that stand together, beneath a heading of a page."""

    page: str
    heading: str
    steps: tuple[Step, ...]


def blocks(page: str) -> list[Block]:
    """All blocks of a page that have commands, in order."""
    found, heading = [], ""
    for part in PART.finditer((ROOT / page).read_text()):
        if part["heading"]:
            heading = part["heading"]
        elif part["language"] == "console":
            found.append(Block(page, heading, tuple(steps(part["text"]))))
    return found


def section(page: str, heading: str) -> list[Block]:
    """The blocks beneath a heading; raises `LookupError` if there are none."""
    found = [block for block in blocks(page) if block.heading == heading]
    if not found:
        raise LookupError(f"{page} has no commands beneath {heading!r}.")
    return found


def steps(text: str) -> list[Step]:
    """Those of one block: each with its prompt and output, or a line without."""
    if text.startswith("$ "):
        return [Step(command, output) for command, output in WITH_OUTPUT.findall(text)]
    return [Step(command, None) for command in ALONE.findall(text)]
