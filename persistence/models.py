"""The whole database, as tables.

A record never leaves this package: repositories hand out entities. Its
relationships are for joins and conditions; reading one by accident raises.
Each index says which order or filter it serves; `id` ends it, for the keyset.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
)
from sqlalchemy import Enum as OneOf
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

import domain
from persistence.types import Key, Line, LongText, UtcDateTime

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


KEYS_ONCE = {"sqlite_autoincrement": True}
"""SQLite would give a deleted row's key to the next one; the other databases do not."""


def one_of(members: type[Enum]) -> OneOf:
    """Keep an enum as a word that any database can hold, and migrations need not alter."""
    return OneOf(members, native_enum=False, create_constraint=False, length=20)


class Base(DeclarativeBase):
    """A row with a key made by the database; names of constraints are ours, for Alembic to drop."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, int: Key}

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


class UserRecord(Base):
    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("username"),  # orderBy USERNAME, filter usernamePrefix
        UniqueConstraint("email"),
        Index(None, "created_at", "id"),  # orderBy CREATED_AT, filters joinedAfter, joinedBefore
        Index(None, "role", "created_at", "id"),  # filter role
        KEYS_ONCE,
    )

    username: Mapped[str] = mapped_column(Line(50))
    email: Mapped[str] = mapped_column(Line(254))
    display_name: Mapped[str] = mapped_column(Line(100))
    bio: Mapped[str] = mapped_column(LongText)
    role: Mapped[domain.Role] = mapped_column(one_of(domain.Role))
    password_hash: Mapped[str | None] = mapped_column(  # read for signing in, and by nothing else
        String(255), deferred=True, deferred_raiseload=True
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime | None]


class SessionRecord(Base):
    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("token_digest"),  # every authenticated request
        Index(None, "user_id", "created_at", "id"),  # Query.sessions
        KEYS_ONCE,
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_digest: Mapped[str] = mapped_column(Line(64))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    last_write_at: Mapped[datetime | None]  # kept if there are replicas, which may lack it
    expires_at: Mapped[datetime]
    user_agent: Mapped[str | None] = mapped_column(Line(500))

    user: Mapped[UserRecord] = relationship(lazy="raise")


# The last three are copies of the post's, so that the posts of a tag are the range of an index.
# Only the status ever changes, and `SqlPostRepository.update` changes it here as well.
post_tags = Table(
    "post_tags",
    Base.metadata,
    Column("post_id", Key, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", Key, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
    Column("author_id", Key, nullable=False),
    Column("status", one_of(domain.PostStatus), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "tag_id", "status", "created_at", "post_id"),  # Tag.posts, filter tag; who sees it
    Index(None, "tag_id", "author_id", "status", "created_at", "post_id"),  # one's own under it
)


class PostRecord(Base):
    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("slug"),
        # A viewer sees posts by status, so that is what each order's index begins with.
        Index(None, "status", "created_at", "id"),
        Index(None, "status", "published_at", "id"),  # filters publishedAfter, publishedBefore
        Index(None, "status", "title", "id"),
        # User.posts, filter author; one's own drafts.
        Index(None, "author_id", "status", "created_at", "id"),
        Index(None, "author_id", "status", "published_at", "id"),
        Index(None, "author_id", "status", "title", "id"),
        KEYS_ONCE,
    )

    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(Line(100))
    title: Mapped[str] = mapped_column(Line(200))
    body: Mapped[str] = mapped_column(LongText)
    status: Mapped[domain.PostStatus] = mapped_column(one_of(domain.PostStatus))
    version: Mapped[int] = mapped_column(Integer)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime | None]


# Authors differ in how much of theirs is out. Without these statistics PostgreSQL takes
# somebody's hundreds of drafts for a few, and sorts all of them for a page.
@event.listens_for(PostRecord.__table__, "after_create")
def create_statistics(table: object, connection: Connection, **_: object) -> None:
    """Count the statuses of each author; the migrations do the same."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "CREATE STATISTICS st_posts_author_id_status (mcv) ON author_id, status FROM posts"
        )
        connection.exec_driver_sql("ALTER STATISTICS st_posts_author_id_status SET STATISTICS 1000")


class CommentRecord(Base):
    __tablename__ = "comments"
    __table_args__ = (
        Index(None, "post_id", "created_at", "id"),  # Post.comments
        Index(None, "author_id", "created_at", "id"),  # User.comments
        KEYS_ONCE,
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    body: Mapped[str] = mapped_column(LongText)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime | None]


class TagRecord(Base):
    __tablename__ = "tags"
    __table_args__ = (
        UniqueConstraint("name"),  # orderBy NAME
        Index(None, "created_at", "id"),  # orderBy CREATED_AT
        KEYS_ONCE,
    )

    name: Mapped[str] = mapped_column(Line(40))
    created_at: Mapped[datetime]
