"""The users of the demo: pen names, who joined one after another."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

import domain
from persistence.bulk import Row
from server.demo.moments import END, LAUNCH, part_way, soon_after
from server.demo.sizes import STAFF, Sizes
from server.demo.words import BIOS, FIRST_WORDS, SECOND_WORDS, STRIDE, SUBJECTS, fill_in

PASSWORD = "inkwell-demo-password"  # noqa: S105 (is no secret)
SHARE_WITH_BIO = 0.8


def users(sizes: Sizes, password_hash: str | None = None) -> Iterator[Row]:
    """Make the rows of all users: an admin, two moderators, then members.

    They share one password, or can't sign in.
    """
    rng = Random("users")
    for index in range(sizes.users):
        founder = index <= STAFF
        joined_at = part_way(LAUNCH, (index + rng.random()) / sizes.users)
        created_at = soon_after(rng, LAUNCH, hours=2) if founder else joined_at
        described = founder or rng.random() < SHARE_WITH_BIO
        yield {
            "id": index + 1,
            "username": username(index),
            "email": f"{username(index)}@example.com",
            "password_hash": password_hash,
            "display_name": pen_name(index),
            "bio": _bio(rng) if described else "",
            "role": role(index),
            "created_at": created_at,
            "updated_at": soon_after(rng, created_at, hours=24) if described else None,
        }


def members_by(moment: datetime, sizes: Sizes) -> int:
    """Count the users who have joined by then; at least the founders have."""
    elapsed = (moment - LAUNCH) / (END - LAUNCH)
    return max(STAFF + 1, int(sizes.users * elapsed))


def pen_name(index: int) -> str:
    """Name the user at this position, the same in every demo and unlike any other."""
    pairs = len(FIRST_WORDS) * len(SECOND_WORDS)
    second, first = divmod(index * STRIDE % pairs, len(FIRST_WORDS))
    again = f" {index // pairs + 1}" if index >= pairs else ""
    return f"{FIRST_WORDS[first]} {SECOND_WORDS[second]}{again}"


def username(index: int) -> str:
    """Write the pen name the way it is typed."""
    return pen_name(index).lower().replace(" ", "_")


def role(index: int) -> domain.Role:
    """Tell what the user at this position may do."""
    if index == 0:
        return domain.Role.ADMIN
    return domain.Role.MODERATOR if index < STAFF else domain.Role.MEMBER


def _bio(rng: Random) -> str:
    subject, another = rng.sample(SUBJECTS, 2)
    return fill_in(rng.choice(BIOS), subject).replace("{another}", another)


# The staff, and the member who writes most: posts pick their authors so.
USERS_TO_TRY = {role(index): username(index) for index in (0, 1, STAFF)}
