"""Properties that are tried for a time, and not for a number of examples."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from itertools import count

from hypothesis import HealthCheck, Phase, seed, settings

DEFAULT_SECONDS = 60
ROUND = settings(
    max_examples=40,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[*HealthCheck],
)
"""One round's examples; between rounds it is seen whether there is time for another."""


def total_seconds() -> float:
    """How long the whole fuzzing may take, as `FUZZ_SECONDS` says."""
    return float(os.environ.get("FUZZ_SECONDS", DEFAULT_SECONDS))


def explore(claim: Callable[[], None], prepare: Callable[[], object], *, seconds: float) -> None:
    """Try a claim, a test of Hypothesis's, in rounds of new examples until the time is over.

    Each round is begun by `prepare`. Where Hypothesis is derandomised, as on CI, the rounds are
    the same ones each time, as far as the time lasts; else they are others in every run.
    """
    end = time.monotonic() + seconds
    first = 0 if settings().derandomize else random.getrandbits(64)
    for number in count(first):
        prepare()
        seed(number)(claim)()
        if time.monotonic() >= end:
            return
