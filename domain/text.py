"""Rules that texts share: how they are trimmed and measured, and what a slug is made of."""

import re
import unicodedata
from collections.abc import Iterator

from domain.errors import FieldProblem

CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")
NOT_OF_A_SLUG = re.compile(r"[^a-z0-9]+")
SLUG_LENGTH = 80


def text_problems(
    field: str, text: str, *, at_least: int = 0, at_most: int, one_line: bool = False
) -> Iterator[FieldProblem]:
    """Check a trimmed text's length, in Unicode characters, and that it can be kept as it is."""
    if len(text) < at_least:
        yield FieldProblem(field, f"At least {at_least} characters, please.")
    if len(text) > at_most:
        yield FieldProblem(field, f"At most {at_most:,} characters, please.")
    if one_line and CONTROL_CHARACTERS.search(text):
        yield FieldProblem(field, "One line, please, without control characters.")
    elif not is_keepable(text):
        yield FieldProblem(field, "No null characters or halves of surrogate pairs, please.")


def is_keepable(text: str) -> bool:
    """Tell whether every database can keep a text: no NUL, and no half of a surrogate pair."""
    return not UNKEEPABLE.search(text)


def slugify(title: str) -> str:
    """Reduce a title to `a-z`, `0-9` and `-`: at most 80 characters, never none."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return NOT_OF_A_SLUG.sub("-", plain).strip("-")[:SLUG_LENGTH].rstrip("-") or "post"
