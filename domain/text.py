"""Rules that texts share: how they are trimmed and measured, and what a slug is made of."""

import re
import secrets
from collections.abc import Iterator
from unicodedata import category

from slugify import slugify as transliterate

from domain.errors import FieldProblem

NOT_OF_A_LINE = re.compile(  # control characters, and those that turn the way of what follows
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Zs"}
SLUG_LENGTH = 80
SLUG_ATTEMPTS = 5


def text_problems(
    field: str, text: str, *, required: bool = False, at_most: int, one_line: bool = False
) -> Iterator[FieldProblem]:
    """Check a trimmed text's length, in Unicode characters, and that it can be kept as it is."""
    if required and is_blank(text):
        yield FieldProblem((field,), "Something has to be written here.")
    if len(text) > at_most:
        yield FieldProblem((field,), f"At most {at_most:,} characters, please.")
    if one_line and NOT_OF_A_LINE.search(text):
        yield FieldProblem((field,), "One line, please, without control characters.")
    elif not is_keepable(text):
        yield FieldProblem((field,), "No null characters or halves of surrogate pairs, please.")


def fold(text: str) -> str:
    """Write a name or an address the one way it is kept: unique whatever its case."""
    return text.strip().lower()


def is_blank(text: str) -> bool:
    """Tell whether there is nothing to see: white space, and marks such as right-to-left."""
    return all(category(character) in INVISIBLE for character in text)


def is_keepable(text: str) -> bool:
    """Tell whether every database can keep a text: no NUL, and no half of a surrogate pair."""
    try:
        text.encode()  # many times as fast as to look for the characters that can't be encoded
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def printable(text: str) -> str:
    """Leave out what a terminal or a log would obey rather than show."""
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def slugify(title: str) -> str:
    """Write a title in `a-z`, `0-9` and `-`: at most 80 characters, never none."""
    slug = transliterate(
        title,
        entities=False,
        decimal=False,
        hexadecimal=False,
        max_length=SLUG_LENGTH,
        word_boundary=True,
    )
    return slug or "post"


def free_slugs(slug: str) -> Iterator[str]:
    """Name a slug, then some that are like it and in nobody's use, in all likelihood."""
    yield slug
    for _ in range(SLUG_ATTEMPTS):
        yield f"{slug}-{secrets.token_hex(3)}"
