"""Create users, posts, comments and tags.

Revision ID: b7d5350855da
Revises:
"""

import sqlalchemy as sa
from alembic import op

from persistence import types

revision = "b7d5350855da"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tags",
        sa.Column("id", types.Key(), nullable=False),
        sa.Column("name", types.Line(length=40), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
    )
    op.create_index(op.f("ix_tags_created_at_id"), "tags", ["created_at", "id"])
    op.create_table(
        "users",
        sa.Column("id", types.Key(), nullable=False),
        sa.Column("username", types.Line(length=50), nullable=False),
        sa.Column("email", types.Line(length=254), nullable=False),
        sa.Column("display_name", types.Line(length=100), nullable=False),
        sa.Column("bio", types.LongText(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_index(op.f("ix_users_created_at_id"), "users", ["created_at", "id"])
    op.create_index(op.f("ix_users_role_created_at_id"), "users", ["role", "created_at", "id"])
    op.create_table(
        "posts",
        sa.Column("id", types.Key(), nullable=False),
        sa.Column("author_id", types.Key(), nullable=False),
        sa.Column("slug", types.Line(length=100), nullable=False),
        sa.Column("title", types.Line(length=200), nullable=False),
        sa.Column("body", types.LongText(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", types.UtcDateTime(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_posts_author_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("slug", name=op.f("uq_posts_slug")),
    )
    op.create_index(
        op.f("ix_posts_author_id_status_created_at_id"),
        "posts",
        ["author_id", "status", "created_at", "id"],
    )
    op.create_index(
        op.f("ix_posts_author_id_status_published_at_id"),
        "posts",
        ["author_id", "status", "published_at", "id"],
    )
    op.create_index(
        op.f("ix_posts_author_id_status_title_id"), "posts", ["author_id", "status", "title", "id"]
    )
    op.create_index(op.f("ix_posts_status_created_at_id"), "posts", ["status", "created_at", "id"])
    op.create_index(
        op.f("ix_posts_status_published_at_id"), "posts", ["status", "published_at", "id"]
    )
    op.create_index(op.f("ix_posts_status_title_id"), "posts", ["status", "title", "id"])
    op.create_table(
        "comments",
        sa.Column("id", types.Key(), nullable=False),
        sa.Column("post_id", types.Key(), nullable=False),
        sa.Column("author_id", types.Key(), nullable=False),
        sa.Column("body", types.LongText(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_comments_author_id_users"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_comments_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(
        op.f("ix_comments_author_id_created_at_id"), "comments", ["author_id", "created_at", "id"]
    )
    op.create_index(
        op.f("ix_comments_post_id_created_at_id"), "comments", ["post_id", "created_at", "id"]
    )
    op.create_table(
        "post_tags",
        sa.Column("post_id", types.Key(), nullable=False),
        sa.Column("tag_id", types.Key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_tags_post_id_posts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_post_tags_tag_id_tags"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "tag_id", name=op.f("pk_post_tags")),
    )
    op.create_index(op.f("ix_post_tags_tag_id_post_id"), "post_tags", ["tag_id", "post_id"])


def downgrade() -> None:
    op.drop_table("post_tags")
    op.drop_table("comments")
    op.drop_table("posts")
    op.drop_table("users")
    op.drop_table("tags")
