"""All that a store in memory keeps."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, fields
from typing import Self

import domain


@dataclass(slots=True)
class Tables:
    """Entities by key, and what is kept beside them."""

    users: dict[domain.UserId, domain.User] = field(default_factory=dict)
    password_hashes: dict[domain.UserId, str | None] = field(default_factory=dict)
    sessions: dict[domain.SessionId, domain.Session] = field(default_factory=dict)
    token_digests: dict[domain.SessionId, str] = field(default_factory=dict)
    posts: dict[domain.PostId, domain.Post] = field(default_factory=dict)
    comments: dict[domain.CommentId, domain.Comment] = field(default_factory=dict)
    tags: dict[domain.TagId, domain.Tag] = field(default_factory=dict)
    links: set[tuple[domain.PostId, domain.TagId]] = field(default_factory=set)

    def copy(self) -> Self:
        """Make others with the same entities, which never change."""
        return type(self)(*(copy(getattr(self, each.name)) for each in fields(self)))

    def put(self, entity: domain.User | domain.Tag | domain.Post | domain.Comment) -> None:
        """Keep an entity under its key."""
        match entity:
            case domain.User():
                self.users[entity.id] = entity
                self.password_hashes[entity.id] = None
            case domain.Post():
                self.posts[entity.id] = entity
            case domain.Comment():
                self.comments[entity.id] = entity
            case domain.Tag():
                self.tags[entity.id] = entity

    def delete_user(self, id: domain.UserId) -> None:
        """Forget a user, their sessions, posts and comments."""
        del self.users[id], self.password_hashes[id]
        for session in [each for each in self.sessions.values() if each.user_id == id]:
            self.delete_session(session.id)
        for post in [each for each in self.posts.values() if each.author_id == id]:
            self.delete_post(post.id)
        for comment in [each for each in self.comments.values() if each.author_id == id]:
            del self.comments[comment.id]

    def delete_session(self, id: domain.SessionId) -> None:
        """Forget a session and its token."""
        del self.sessions[id], self.token_digests[id]

    def delete_post(self, id: domain.PostId) -> None:
        """Forget a post and its comments; its tags stay."""
        del self.posts[id]
        self.link(id, [])
        for comment in [each for each in self.comments.values() if each.post_id == id]:
            del self.comments[comment.id]

    def link(self, id: domain.PostId, tag_ids: list[domain.TagId]) -> None:
        """Put a post under these tags, and no others."""
        self.links = {link for link in self.links if link[0] != id}
        self.links |= {(id, tag_id) for tag_id in tag_ids}

    def tags_of(self, id: domain.PostId) -> list[domain.Tag]:
        """List the tags of a post, by name."""
        tags = [self.tags[tag_id] for post_id, tag_id in self.links if post_id == id]
        return sorted(tags, key=lambda tag: tag.name)

    def posts_under(self, id: domain.TagId) -> list[domain.Post]:
        """List the posts under a tag."""
        return [self.posts[post_id] for post_id, tag_id in self.links if tag_id == id]
