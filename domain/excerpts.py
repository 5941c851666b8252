"""Excerpts: how a text in Markdown begins, for lists and previews."""

import re

FENCE = re.compile(r"^```.*$", re.MULTILINE)
LINK = re.compile(r"!?\[([^][\n]*)\]\([^)[\n]*\)")  # each try ends at the next [: linear time
MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}|>|[-+*]|\d{1,9}\.)[ \t]+"  # before a heading, a quote or a list's item
    r"|[*`~]+|(?<!\w)_+|(?<!_)_++(?![^\W_])",  # around words; an underscore within one stays
    re.MULTILINE,
)


def characters_read(length: int) -> int:
    """Tell how much of a text an excerpt of a length is made of, at the most."""
    return 5 * length + 1_000


def excerpt(markdown: str, length: int) -> str:
    """Begin a text without its marks: at most `length` characters, cut between words.

    Only so much of it is looked at as can matter. Where that is nearly all marks, such as the
    addresses of links, the excerpt is shorter than it might be, and ends in an ellipsis.
    """
    read = markdown[: characters_read(length)]
    text = " ".join(MARKS.sub("", LINK.sub(r"\1", FENCE.sub("", read))).split())
    if len(text) <= length and len(read) == len(markdown):
        return text
    words = text[:length].rsplit(" ", 1)[0]
    return (words[: length - 1] + "…")[:length]
