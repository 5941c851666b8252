"""Choices that Hypothesis makes, and makes smaller."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

MOST = 400
"""Bytes that are drawn for the choices of one operation, at once: that is a tenth of the work."""


class Choices:
    """Chooses by the bytes that were drawn; the first and the least when they are used up."""

    def __init__(self, drawn: bytes) -> None:
        self._drawn = iter(drawn)

    def below(self, end: int) -> int:
        """A number from 0 on."""
        number = next(self._drawn, 0)
        if end > 100:
            number = number * 256 + next(self._drawn, 0)
        return number % end

    def one_of(self, options: Sequence[T]) -> T:
        """One of these."""
        return options[self.below(len(options))]

    def happens(self, percent: int) -> bool:
        """Whether something happens that does so often."""
        return self.below(100) >= 100 - percent


CHOICES: st.SearchStrategy[Choices] = st.binary(min_size=MOST, max_size=MOST).map(Choices)
