"""What a command prints, beside what a page says that it does."""

from __future__ import annotations

import re

MOMENT = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
NUMBER = r"(?<!\w)\d+(?:[.:,]\d+)*(?=\b|(?:ms|s|kB|MB)\b)"
VARIES = {
    "moment": (MOMENT, MOMENT),
    "number": (NUMBER, f"({NUMBER})"),
    "lines": (r"^…\n", r"(?:.*\n)*?"),
    "anything": ("…", ".*?"),
    "rule": ("[-─━═]+", "[-─━═]+"),  # as long as its table is wide
    "gap": (" +", " +"),
}
TOKEN = re.compile(
    "|".join(f"(?P<{name}>{found})" for name, (found, _) in VARIES.items()), re.MULTILINE
)


def match(shown: str, printed: str, *, exact: bool = False) -> dict[str, str] | None:
    """What the page's numbers became, or None if something else is printed.

    An ellipsis stands for anything, and alone in a line for any lines. Moments always vary, and
    other numbers unless the page has to be exact.
    """
    wanted = trimmed(shown)
    numbers: list[str] = []
    pattern, end = "", 0
    for token in TOKEN.finditer(wanted):
        pattern += re.escape(wanted[end : token.start()])
        end = token.end()
        kind = token.lastgroup or ""
        if kind == "number" and exact:
            pattern += re.escape(token[0])
        else:
            pattern += VARIES[kind][1]
            numbers += [token[0]] if kind == "number" else []
    same = re.fullmatch(pattern + re.escape(wanted[end:]), trimmed(printed))
    return dict(zip(numbers, same.groups(), strict=True)) if same else None


def trimmed(text: str) -> str:
    """The lines that are not empty, without the spaces around them."""
    return "".join(f"{line.strip()}\n" for line in text.splitlines() if line.strip())
