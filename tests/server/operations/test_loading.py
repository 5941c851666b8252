"""No query loads more than it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import pytest
from graphql import ExecutionResult
from hypothesis import given as given_any
from hypothesis import note, target

import domain
from schema import schema
from schema.context import Context
from server.operations import OperationLimits, Operations
from tests.conftest import CLIENT
from tests.factories import Given, Store, signed_in
from tests.server.operations.queries import queries

OPERATIONS = Operations(
    schema,
    OperationLimits(**dict.fromkeys(("cost", "values", "aliases", "directives"), 10**30)),
    introspection=True,
)


class CountedRepository:
    """A repository, with a count of the things that it returned."""

    def __init__(self, repository: Any) -> None:
        self._repository = repository
        self.returned = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._repository, name)

        async def counted(*args: Any, **options: Any) -> Any:
            found = await method(*args, **options)
            self.returned += things_in(found)
            return found

        return counted


class CountedWork:
    """A unit of work for queries, with a count of the things that its repositories returned."""

    def __init__(self, work: domain.UnitOfWork) -> None:
        self.viewer = work.viewer
        self.users = CountedRepository(work.users)
        self.sessions = CountedRepository(work.sessions)
        self.posts = CountedRepository(work.posts)
        self.comments = CountedRepository(work.comments)
        self.tags = CountedRepository(work.tags)

    def reading(self, heavy: object) -> Self:
        """Load the same number of things, whatever of them is read."""
        return self

    @property
    def loaded(self) -> int:
        """All of them together."""
        repositories = self.users, self.sessions, self.posts, self.comments, self.tags
        return sum(each.returned for each in repositories)


def things_in(found: Any) -> int:
    """Entities and counts, in whatever a repository returns them."""
    if isinstance(found, domain.Page):
        return len(found.items)
    if isinstance(found, Mapping):
        return sum(map(things_in, found.values()))
    if isinstance(found, list | tuple):
        return len(found)
    return int(found is not None)


@pytest.fixture
async def reader(given: Given) -> domain.Viewer:
    """Somebody who is signed in, where there is more of everything than a page of 3."""
    ada, ben = await given.a_user(username="ada"), await given.a_user(username="ben")
    for _ in range(4):
        await given.a_user()
        await given.a_session(of=ada)
        for author in (ada, ben):
            post = await given.a_post(by=author, tags=["a", "b", "c", "d"])
            for _ in range(4):
                await given.a_comment(on=post, by=ada)
    return signed_in(ada)


async def loaded(
    store: Store, reader: domain.Viewer, accounts: domain.Accounts, document: str, **variables: Any
) -> tuple[int, int, ExecutionResult]:
    """What a query loads, what it costs, and what comes of it."""
    operation = OPERATIONS.prepare(document, variables)
    async with store.unit_of_work(reader) as work:
        counted: Any = CountedWork(work)
        result = await operation.execute(Context(counted, accounts, CLIENT))
    return counted.loaded, operation.cost, result


@given_any(queries())
async def test_the_cost_is_a_bound(
    store: Store,
    reader: domain.Viewer,
    accounts: domain.Accounts,
    query: tuple[str, dict[str, Any]],
) -> None:
    """Else the limit would be none for whoever found the query that shows it."""
    document, variables = query
    note(document)
    note(str(variables))

    things, cost, result = await loaded(store, reader, accounts, document, **variables)

    assert result.errors is None
    assert things <= cost
    target(things - cost)


@pytest.mark.parametrize(
    "document",
    [
        "{ posts(first: 3) { nodes { id } } }",
        "{ posts(first: 3) { edges { cursor } pageInfo { hasNextPage } nodes { id } totalCount } }",
        "{ users(last: 2) { nodes { posts(first: 2) { nodes { id } totalCount } } } }",
        "{ users(first: 1) { nodes { id } totalCount } tags(first: 2) { nodes { name } } }",
        '{ tag(name: "a") { posts(first: 2) { nodes { comments(first: 3) { nodes { id } } } } } }',
        '{ user(by: {username: "ada"}) { posts(first: 3) { nodes { comments { totalCount } } } } }',
    ],
)
async def test_the_cost_is_no_more_where_all_is_there(
    store: Store, reader: domain.Viewer, accounts: domain.Accounts, document: str
) -> None:
    """A bound that is too high would refuse what does no harm."""
    things, cost, result = await loaded(store, reader, accounts, document)

    assert result.errors is None
    assert things == cost > 0
