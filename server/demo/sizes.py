"""How much demo content to make."""

from dataclasses import dataclass, fields

STAFF = 3  # an admin and two moderators


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many of each kind; raises `ValueError` for numbers that make no sense together."""

    users: int = 200
    posts: int = 2_000
    comments: int = 10_000
    tags: int = 40

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 0:
                raise ValueError(f"There cannot be less than no {field.name}.")
        if self.users <= STAFF:
            raise ValueError("At least 4 users, please: an admin, two moderators and a member.")
        if self.tags < 1:
            raise ValueError("At least 1 tag, please: posts have to be about something.")
        if self.comments and not self.posts:
            raise ValueError("Comments need a post to answer: ask for at least 1 post.")
