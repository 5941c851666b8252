"""Copy to the links of posts and tags what the posts of a tag are listed by.

Revision ID: c27d4be1f093
Revises: 9a1f6d0c3e84
"""

import sqlalchemy as sa
from alembic import op

from persistence import types

revision = "c27d4be1f093"
down_revision = "9a1f6d0c3e84"
branch_labels = None
depends_on = None
accepted = dict.fromkeys(
    ("changing-rows", "requiring-column", "building-index", "dropping-index"),
    "There was no release before this, so that no server is running meanwhile.",
)

STATUS = sa.Enum("DRAFT", "PUBLISHED", "ARCHIVED", name="poststatus", native_enum=False, length=20)
COPIES = {"author_id": types.Key(), "status": STATUS, "created_at": types.UtcDateTime()}
BY_TAG = ["tag_id", "status", "created_at", "post_id"]
BY_TAG_AND_AUTHOR = ["tag_id", "author_id", "status", "created_at", "post_id"]


def upgrade() -> None:
    with op.batch_alter_table("post_tags") as batch:
        for name, type_ in COPIES.items():
            batch.add_column(sa.Column(name, type_, nullable=True))
    op.execute(backfill())
    with op.batch_alter_table("post_tags") as batch:
        for name, type_ in COPIES.items():
            batch.alter_column(name, existing_type=type_, nullable=False)
    # MySQL keeps an index that a foreign key needs until there is another
    op.create_index(op.f("ix_post_tags_tag_id_status_created_at_post_id"), "post_tags", BY_TAG)
    op.create_index(
        op.f("ix_post_tags_tag_id_author_id_status_created_at_post_id"),
        "post_tags",
        BY_TAG_AND_AUTHOR,
    )
    op.drop_index(op.f("ix_post_tags_tag_id_post_id"), table_name="post_tags")


def backfill() -> sa.Update:
    """Copy what the posts say to their links."""
    posts = sa.table("posts", sa.column("id"), *map(sa.column, COPIES))
    links = sa.table("post_tags", sa.column("post_id"), *map(sa.column, COPIES))

    def copy_of(name: str) -> sa.ScalarSelect[object]:
        return sa.select(posts.c[name]).where(posts.c.id == links.c.post_id).scalar_subquery()

    return sa.update(links).values({name: copy_of(name) for name in COPIES})


def downgrade() -> None:
    op.create_index(op.f("ix_post_tags_tag_id_post_id"), "post_tags", ["tag_id", "post_id"])
    op.drop_index(
        op.f("ix_post_tags_tag_id_author_id_status_created_at_post_id"), table_name="post_tags"
    )
    op.drop_index(op.f("ix_post_tags_tag_id_status_created_at_post_id"), table_name="post_tags")
    with op.batch_alter_table("post_tags") as batch:
        for name in reversed(COPIES):
            batch.drop_column(name)
