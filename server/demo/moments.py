"""When things happen in the demo: always the same two years."""

from datetime import UTC, datetime, timedelta
from random import Random

END = datetime(2026, 11, 1, tzinfo=UTC)
FIRST_POST = datetime(2024, 11, 1, tzinfo=UTC)
LAUNCH = FIRST_POST - timedelta(days=90)


def part_way(start: datetime, share: float) -> datetime:
    """Go this share of the way from a moment to the end."""
    return start + (END - start) * share


def soon_after(rng: Random, moment: datetime, *, hours: float) -> datetime:
    """Pick a later moment, typically so many hours away, but never past the end."""
    room = (END - moment).total_seconds()
    delay = rng.expovariate(1 / (hours * 3_600))
    return moment + timedelta(seconds=delay * room / (delay + room))
