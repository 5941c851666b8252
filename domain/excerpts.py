"""Excerpts: how a text in Markdown begins, for lists and previews."""

import re

FENCE = re.compile(r"^```.*$", re.MULTILINE)
LINK = re.compile(r"!?\[([^][\n]*)\]\([^)[\n]*\)")  # each try ends at the next [: linear time
MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}|>|[-+*]|\d{1,9}\.)[ \t]+"  # before a heading, a quote or a list's item
    r"|[*`~]+|(?<!\w)_+|(?<!_)_++(?![^\W_])",  # around words; an underscore within one stays
    re.MULTILINE,
)


def excerpt(markdown: str, length: int) -> str:
    """Begin a text without its marks: at most `length` characters, cut between words."""
    text = " ".join(MARKS.sub("", LINK.sub(r"\1", FENCE.sub("", markdown))).split())
    if len(text) <= length:
        return text
    words = text[:length].rsplit(" ", 1)[0]
    return (words[: length - 1] + "…")[:length]
