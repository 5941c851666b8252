"""Every list of the API, in each order and with each filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from tests.everywhere.rows import ADMIN, MEMBER, TOKENS
from tests.factories import global_id

USER = "id username displayName email bio role createdAt updatedAt"
POST = (
    "id slug title body status version publishedAt createdAt updatedAt excerpt(length: 3)"
    " author { username } tags { name }"
)
COMMENT = "id body createdAt updatedAt author { username } post { slug }"
TAG = "id name createdAt"
WINDOW = "first: $first, after: $after, last: $last, before: $before, offset: $offset"
WINDOW_TYPES = "$first: Int, $after: String, $last: Int, $before: String, $offset: Int"


@dataclass(frozen=True, slots=True)
class Request:
    """An operation, and the token of whoever sends it."""

    document: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    token: str | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list of the API, with the filters that are tried on it."""

    name: str
    kind: str
    node: str
    order_fields: Sequence[str]
    filters: Sequence[Mapping[str, Any]] = ()

    @property
    def orders(self) -> list[dict[str, str]]:
        pairs = product(self.order_fields, ("ASC", "DESC"))
        return [{"field": order, "direction": direction} for order, direction in pairs]

    def request(self, token: str | None, **variables: Any) -> Request:
        """Ask for one page, and all that can be told of it."""
        kinds, arguments = WINDOW_TYPES, WINDOW
        kinds += f", $orderBy: {self.kind}Order"
        arguments += ", orderBy: $orderBy"
        if self.filters:
            kinds += f", $filter: {self.kind}Filter"
            arguments += ", filter: $filter"
        page = (
            f"edges {{ cursor node {{ {self.node} }} }} nodes {{ id }} totalCount"
            " pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
        )
        document = f"query ({kinds}) {{ {self.name}({arguments}) {{ {page} }} }}"
        return Request(document, variables, token)


LISTS = (
    List(
        "posts",
        "Post",
        POST,
        ("CREATED_AT", "PUBLISHED_AT", "TITLE"),
        (
            {"author": global_id("User", MEMBER)},
            {"author": global_id("User", ADMIN), "status": "DRAFT"},
            {"tag": "python"},
            {"tag": "straße", "status": "PUBLISHED"},
            {"tag": "none such"},
            {"status": "ARCHIVED"},
            {"publishedAfter": "2026-01-01T12:00:00.000001Z"},
            {
                "publishedAfter": "2026-01-01T17:30:00+05:30",
                "publishedBefore": "2099-01-01T00:00:00Z",
            },
            {"publishedBefore": "2026-01-01T12:00:00.000001Z", "tag": "ab"},
        ),
    ),
    List(
        "users",
        "User",
        USER,
        ("USERNAME", "CREATED_AT"),
        (
            {"role": "MEMBER"},
            {"usernamePrefix": "a"},
            {"usernamePrefix": "a_"},
            {"usernamePrefix": "A%"},
            {"joinedAfter": "2026-01-01T12:00:00Z"},
            {"joinedBefore": "2026-01-01T12:00:00.000001Z", "role": "ADMIN"},
        ),
    ),
    List("tags", "Tag", TAG, ("NAME", "CREATED_AT")),
)


def walks() -> Iterator[tuple[List, Mapping[str, Any], str | None]]:
    """Lists to be read from end to end: each order, as the public and as a member."""
    for of, token in product(LISTS, (None, TOKENS[MEMBER])):
        for order in of.orders:
            yield of, {"orderBy": order}, token


def filtered() -> Iterator[Request]:
    """Each filter with each order, and numbered pages without."""
    for of in LISTS:
        for order, wanted in product(of.orders, of.filters):
            yield of.request(TOKENS[MEMBER], orderBy=order, filter=wanted)
        for offset in (0, 3, 1_000):
            yield of.request(TOKENS[ADMIN], first=4, offset=offset)
