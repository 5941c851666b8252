"""Tags: what posts are about."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType, Protocol, Self

from domain.errors import FieldProblem, InvalidInput
from domain.pagination import OrderField, Page, PageRequest
from domain.posts import PostId
from domain.users import fold

TagId = NewType("TagId", int)

TAG_NAME = re.compile(r"[a-z0-9-]{1,40}")


class TagOrderField(OrderField):
    """What tags can be ordered by."""

    NAME = "name", str
    CREATED_AT = "created_at", datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A subject that posts share."""

    id: TagId
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTag:
    """A tag to be, without a key."""

    name: str
    created_at: datetime

    @classmethod
    def named(cls, name: str, *, at: datetime) -> Self:
        """Name a subject, in lower case; raises `InvalidInput`."""
        name = fold(name)
        if not TAG_NAME.fullmatch(name):
            raise InvalidInput([FieldProblem("name", "1 to 40 of a-z, 0-9 and -, please.")])
        return cls(name=name, created_at=at)


class TagRepository(Protocol):
    """Where tags are kept. A tag never changes, so there is no update."""

    async def get(self, id: TagId) -> Tag:
        """Return one tag; raises `NotFound`."""

    async def find(self, id: TagId) -> Tag | None:
        """Return one tag, if there is one."""

    async def get_many(self, ids: Collection[TagId]) -> Mapping[TagId, Tag]:
        """Return the tags that exist, keyed by id."""

    async def get_many_by_name(self, names: Collection[str]) -> Mapping[str, Tag]:
        """Return the tags that exist, keyed by folded name."""

    async def get_many_by_post(
        self, post_ids: Collection[PostId]
    ) -> Mapping[PostId, Sequence[Tag]]:
        """Return the tags of each post that has any, by name."""

    async def page(self, request: PageRequest[None]) -> Page[Tag]:
        """Read one page of tags."""

    async def count(self, filter: None) -> int:
        """Count tags."""

    async def create(self, tag: NewTag) -> Tag:
        """Keep a new tag; raises `AlreadyTaken` for a name in use."""

    async def delete(self, id: TagId) -> None:
        """Forget a tag, and take it off its posts; raises `NotFound`."""
