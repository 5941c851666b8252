"""Choices among strategies, by weights that stay as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


def either(*kinds: SearchStrategy[T]) -> SearchStrategy[T]:
    """One of these, each as often as the others.

    `one_of` takes its alternatives apart first: one of fifty kinds would hide the others.
    """
    return st.integers(0, len(kinds) - 1).flatmap(kinds.__getitem__)


def mostly(usual: Sequence[T], other: SearchStrategy[T]) -> SearchStrategy[T]:
    """One of some values, and now and then another."""
    some = st.sampled_from(usual)
    return either(some, some, some, other)
