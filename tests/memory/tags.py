"""Tags, in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import domain
from tests.memory.repository import MemoryRepository, sees
from tests.memory.tables import Tables


class MemoryTagRepository(MemoryRepository[domain.TagId, domain.Tag]):
    """`domain.TagRepository` over a request's session."""

    kind = "Tag"

    async def get_many_by_name(self, names: Collection[str]) -> Mapping[str, domain.Tag]:
        return {tag.name: self._read(tag) for tag in self._seen().values() if tag.name in names}

    async def get_many_by_post(
        self, post_ids: Collection[domain.PostId]
    ) -> Mapping[domain.PostId, Sequence[domain.Tag]]:
        posts = [post for key, post in self._tables.posts.items() if key in post_ids]
        seen = [post.id for post in posts if sees(self._viewer, post)]
        tags = {key: [*map(self._read, self._tables.tags_of(key))] for key in seen}
        return {key: found for key, found in tags.items() if found}

    async def get_or_create(self, names: Collection[str], *, at: datetime) -> Sequence[domain.Tag]:
        return [self._named(name, at) for name in names]

    def _named(self, name: str, at: datetime) -> domain.Tag:
        tags = self._session.writable.tags
        for tag in tags.values():
            if tag.name == name:
                return tag
        key = domain.TagId(self._session.next_key())
        tags[key] = domain.Tag(id=key, name=name, created_at=at)
        return tags[key]

    def _rows(self, tables: Tables) -> dict[domain.TagId, domain.Tag]:
        return tables.tags

    def _sees(self, tag: domain.Tag) -> bool:
        posts = self._tables.posts_under(tag.id)
        return domain.moderates(self._viewer) or any(sees(self._viewer, post) for post in posts)
