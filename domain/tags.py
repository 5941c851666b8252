"""Tags: what posts are about."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NewType, Protocol

from domain.errors import FieldProblem
from domain.pagination import OrderField, Page, PageRequest
from domain.text import fold

if TYPE_CHECKING:
    from domain.posts import PostId

TagId = NewType("TagId", int)

TAG_NAME = re.compile(r"[a-z0-9-]{1,40}")
MAX_TAGS = 10
MAX_NAMES = 10 * MAX_TAGS  # for them, which may be named again and again


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


def fold_tags(names: Sequence[str]) -> tuple[str, ...]:
    """Write a post's tags the one way they are kept, each once."""
    return tuple(dict.fromkeys(map(fold, names)))


def tags_problems(names: Sequence[str]) -> Iterator[FieldProblem]:
    """Check the number of a post's tags, and the form of each."""
    if len(names) > MAX_NAMES or len(fold_tags(names)) > MAX_TAGS:
        yield FieldProblem(("tags",), f"At most {MAX_TAGS} tags, please.")
        return
    for index, name in enumerate(names):
        if not TAG_NAME.fullmatch(fold(name)):
            yield FieldProblem(("tags", str(index)), "1 to 40 of a-z, 0-9 and -, please.")


class TagRepository(Protocol):
    """Where tags are kept. A tag never changes, so there is no update.

    Every read leaves out those of which the viewer sees no post; moderators see all.
    """

    async def get(self, id: TagId) -> Tag:
        """Return one tag; raises `NotFound`."""

    async def find(self, id: TagId) -> Tag | None:
        """Return one tag, if there is one."""

    async def get_many(self, ids: Collection[TagId]) -> Mapping[TagId, Tag]:
        """Return the tags that exist, keyed by id."""

    async def get_many_by_name(self, names: Collection[str]) -> Mapping[str, Tag]:
        """Return the tags that exist, keyed by folded name."""

    async def get_many_by_post(
        self, post_ids: Collection["PostId"]
    ) -> Mapping["PostId", Sequence[Tag]]:
        """Return the tags of each post that has any, by name."""

    async def page(self, request: PageRequest[None]) -> Page[Tag]:
        """Read one page of tags."""

    async def count(self, filter: None) -> int:
        """Count tags."""

    async def get_or_create(self, names: Collection[str], *, at: datetime) -> Sequence[Tag]:
        """Return the tags of these folded names, made where there is none, seen or not."""
