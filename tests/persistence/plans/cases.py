"""The lists that a client can ask for, each with the index that should serve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import domain
from tests.persistence.plans.library import (
    BIG_TAG,
    BUSY_AUTHOR,
    MEMBER,
    QUIET_AUTHOR,
    SMALL_TAG,
    Library,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A list in one order, and the index that the public's reading begins with."""

    name: str
    kind: str
    filter: Any
    order: domain.Order
    index: str

    def __str__(self) -> str:
        return self.name


def cases(library: Library) -> Iterator[Case]:
    """Each order alone, each filter with its default order, and authors with every order."""
    yield from users(library)
    yield from tags()
    yield from posts(library)


def users(library: Library) -> Iterator[Case]:
    everyone = domain.UserFilter()
    indexes: dict[domain.OrderField, str] = {
        domain.UserOrderField.CREATED_AT: "ix_users_created_at_id",
        domain.UserOrderField.USERNAME: "uq_users_username",
    }
    for order in orders(domain.UserOrderField):
        index = indexes[order.field]
        yield Case(f"users by {label(order)}", "users", everyone, order, index)
    filters = {
        "usernamePrefix": (domain.UserFilter(username_prefix="b"), "uq_users_username"),
        "role": (domain.UserFilter(role=domain.Role.MODERATOR), "ix_users_role_created_at_id"),
        "joinedAfter": (
            domain.UserFilter(joined_after=library.moment(0.005)),
            "ix_users_created_at_id",
        ),
        "joinedBefore": (
            domain.UserFilter(joined_before=library.moment(0.015)),
            "ix_users_created_at_id",
        ),
    }
    for name, (wanted, index) in filters.items():
        yield Case(f"users, {name}", "users", wanted, wanted.default_order, index)


def tags() -> Iterator[Case]:
    indexes: dict[domain.OrderField, str] = {
        domain.TagOrderField.NAME: "uq_tags_name",
        domain.TagOrderField.CREATED_AT: "ix_tags_created_at_id",
    }
    for order in orders(domain.TagOrderField):
        index = indexes[order.field]
        yield Case(f"tags by {label(order)}", "tags", None, order, index)


def posts(library: Library) -> Iterator[Case]:
    for order in orders(domain.PostOrderField):
        index = f"ix_posts_status_{order.field.value}_id"
        yield Case(f"posts by {label(order)}", "posts", domain.PostFilter(), order, index)
    middle = library.moment(0.5)
    moments = {
        "publishedAfter": domain.PostFilter(published_after=middle),
        "publishedBefore": domain.PostFilter(published_before=middle),
    }
    for name, wanted in moments.items():
        index = "ix_posts_status_published_at_id"
        yield Case(f"posts, {name}", "posts", wanted, wanted.default_order, index)
    for status in domain.PostStatus:
        wanted = domain.PostFilter(status=status)
        index = "ix_posts_status_created_at_id"
        yield Case(f"posts, {status.name}", "posts", wanted, wanted.default_order, index)
    for name in (BIG_TAG, SMALL_TAG):
        wanted = domain.PostFilter(tag=name)
        index = "ix_post_tags_tag_id_status_created_at_post_id"
        yield Case(f"posts, {name}", "posts", wanted, wanted.default_order, index)
    authors = {"busy": BUSY_AUTHOR, "quiet": QUIET_AUTHOR, "member": MEMBER.id}
    for name, author_id in authors.items():
        for order in orders(domain.PostOrderField):
            wanted = domain.PostFilter(author_id=author_id)
            index = f"ix_posts_author_id_status_{order.field.value}_id"
            yield Case(f"posts, {name} author by {label(order)}", "posts", wanted, order, index)


def orders(fields: type[domain.OrderField]) -> Iterator[domain.Order]:
    for field in fields:
        for descending in (True, False):
            yield domain.Order(field, descending=descending)


def label(order: domain.Order) -> str:
    return f"{order.field.name} {'DESC' if order.descending else 'ASC'}"
