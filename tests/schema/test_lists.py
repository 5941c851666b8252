"""Connections through the API: pages, both sides, counts, filters and orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import domain
from persistence import Database
from tests.conftest import Execute, RecordQueries
from tests.factories import NOON, Given, signed_in

pytestmark = pytest.mark.every_store

PAGE = """
query Page($first: Int, $after: String, $last: Int, $before: String, $offset: Int) {
  posts(first: $first, after: $after, last: $last, before: $before, offset: $offset) {
    edges { cursor node { title } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}
"""


async def read(execute: Execute, **window: Any) -> tuple[list[str], dict[str, Any]]:
    """One page's titles, and where it stands."""
    result = await execute(PAGE, **window)
    assert result.errors is None and result.data is not None
    posts = result.data["posts"]
    return [edge["node"]["title"] for edge in posts["edges"]], posts["pageInfo"]


async def five_posts(given: Given) -> list[str]:
    """Five posts' titles in the list's order; four of them share a moment."""
    ada = await given.a_user()
    moments = [NOON, NOON, NOON, NOON, NOON + timedelta(microseconds=1)]
    return [(await given.a_post(by=ada, at=at)).title for at in moments][::-1]


async def test_pages_forward_visit_every_post_once(execute: Execute, given: Given) -> None:
    """Walking the cursors neither skips nor repeats where posts share a moment."""
    titles = await five_posts(given)

    first, info = await read(execute, first=2)
    second, next_info = await read(execute, first=2, after=info["endCursor"])
    third, last_info = await read(execute, first=2, after=next_info["endCursor"])

    assert first + second + third == titles
    sides = [
        (each["hasPreviousPage"], each["hasNextPage"]) for each in (info, next_info, last_info)
    ]
    assert sides == [(False, True), (True, True), (True, False)]


async def test_pages_backward_visit_every_post_once(execute: Execute, given: Given) -> None:
    """From the end the pages are the same list, each in the list's own order."""
    titles = await five_posts(given)

    last, info = await read(execute, last=2)
    middle, next_info = await read(execute, last=2, before=info["startCursor"])
    first, last_info = await read(execute, last=2, before=next_info["startCursor"])

    assert first + middle + last == titles
    sides = [
        (each["hasPreviousPage"], each["hasNextPage"]) for each in (info, next_info, last_info)
    ]
    assert sides == [(True, False), (True, True), (False, True)]


async def test_two_cursors_bound_a_page(execute: Execute, given: Given) -> None:
    """What lies between them, and both sides known to go on."""
    titles = await five_posts(given)
    _, whole = await read(execute, first=5)

    between, info = await read(
        execute, first=5, after=whole["startCursor"], before=whole["endCursor"]
    )

    assert between == titles[1:-1]
    assert info["hasPreviousPage"] and info["hasNextPage"]


@pytest.mark.parametrize(
    ("window", "positions", "sides"),
    [
        pytest.param({"first": 2, "offset": 2}, [2, 3], (True, True), id="in-the-middle"),
        pytest.param({"first": 2, "offset": 4}, [4], (True, False), id="the-last"),
        pytest.param({"first": 2, "offset": 9}, [], (True, False), id="past-the-end"),
        pytest.param({"first": 2, "offset": 0}, [0, 1], (False, True), id="the-first"),
        pytest.param({"first": 0}, [], (False, True), id="no-items"),
        pytest.param({"last": 0}, [], (True, False), id="no-items-at-the-end"),
        pytest.param({"first": 5}, [0, 1, 2, 3, 4], (False, False), id="exactly-all"),
        pytest.param({}, [0, 1, 2, 3, 4], (False, False), id="by-default"),
    ],
)
async def test_a_window_tells_both_sides(
    execute: Execute,
    given: Given,
    window: dict[str, int],
    positions: list[int],
    sides: tuple[bool, bool],
) -> None:
    """Numbered pages and empty ones are as true to the data as others."""
    titles = await five_posts(given)

    found, info = await read(execute, **window)

    assert found == [titles[position] for position in positions]
    assert (info["hasPreviousPage"], info["hasNextPage"]) == sides
    assert (info["startCursor"] is None) is (not positions)


async def test_nothing_lies_beside_an_empty_list(execute: Execute, given: Given) -> None:
    """An offset into nothing has no previous page either."""
    found, info = await read(execute, first=2, offset=3)

    assert found == []
    assert not info["hasPreviousPage"] and not info["hasNextPage"]


async def test_a_page_that_was_read_is_looked_beyond_when_somebody_asks(
    execute: Execute, given: Given
) -> None:
    """The same page of the same list may be shown again further down, with more of it."""
    ada = await given.a_user()
    for replies in range(3):
        post = await given.a_post(by=ada)
        for _ in range(replies):
            await given.a_comment(on=post, by=ada)
    inner = "post { comments(first: 1) { pageInfo { hasNextPage hasPreviousPage } } }"

    result = await execute(
        f"{{ posts {{ nodes {{ comments(first: 1) {{ nodes {{ {inner} }} }} }} }} }}"
    )

    assert result.errors is None and result.data is not None
    sides = [
        [each["post"]["comments"]["pageInfo"] for each in post["comments"]["nodes"]]
        for post in result.data["posts"]["nodes"]
    ]
    assert sides == [
        [{"hasNextPage": True, "hasPreviousPage": False}],
        [{"hasNextPage": False, "hasPreviousPage": False}],
        [],
    ]


async def test_nested_pages_read_on_per_parent(
    execute: Execute, given: Given, record_queries: RecordQueries
) -> None:
    """One cursor may serve all parents: it is a position in time, and each has its own rest."""
    ada = await given.a_user()
    posts = [await given.a_post(by=ada) for _ in range(2)]
    comments = [await given.a_comment(on=post, by=ada) for _ in range(3) for post in posts]
    document = """
        query ($after: String) {
          posts { nodes { comments(first: 1, after: $after) {
            edges { cursor node { body } } pageInfo { hasNextPage hasPreviousPage } totalCount
          } } }
        }
    """

    first = await execute(document)
    assert first.data is not None
    cursor = first.data["posts"]["nodes"][1]["comments"]["edges"][0]["cursor"]
    with record_queries() as queries:
        result = await execute(document, after=cursor)

    assert result.data is not None
    pages = [post["comments"] for post in result.data["posts"]["nodes"]]
    bodies = [[edge["node"]["body"] for edge in page["edges"]] for page in pages]
    assert bodies == [[comments[1].body], [comments[2].body]]
    assert [page["pageInfo"] for page in pages] == [
        {"hasNextPage": True, "hasPreviousPage": False},
        {"hasNextPage": True, "hasPreviousPage": True},
    ]
    assert [page["totalCount"] for page in pages] == [3, 3]
    assert len(queries) == 4, queries


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        pytest.param('tag: "Py"', ["tagged"], id="tag-whatever-the-case"),
        pytest.param("status: PUBLISHED", ["late", "tagged", "early"], id="status"),
        pytest.param("status: DRAFT", [], id="no-one-elses-drafts"),
        pytest.param('publishedAfter: "2026-01-01T13:00:00+01:00"', ["late"], id="after"),
        pytest.param('publishedBefore: "2026-01-01T12:00:00Z"', ["early"], id="before"),
        pytest.param(
            "author: null, tag: null", ["late", "tagged", "early"], id="nulls-are-no-filter"
        ),
        pytest.param('tag: ""', [], id="no-tag-has-no-name"),
    ],
)
async def test_filters_narrow_a_list(
    execute: Execute, given: Given, filter: str, found: list[str]
) -> None:
    """Each filter alone, moments exclusive."""
    ada = await given.a_user()
    await given.a_post(by=ada, title="early", at=NOON - timedelta(microseconds=1))
    await given.a_post(by=ada, title="tagged", tags=[await given.a_tag(name="py")], at=NOON)
    await given.a_post(by=ada, title="late", at=NOON + timedelta(microseconds=1))
    await given.a_post(by=ada, title="draft", publish=False)

    result = await execute(f"{{ posts(filter: {{{filter}}}) {{ totalCount nodes {{ title }} }} }}")

    assert result.data == {
        "posts": {"totalCount": len(found), "nodes": [{"title": title} for title in found]}
    }


async def test_users_are_filtered_and_ordered(execute: Execute, given: Given) -> None:
    """By prefix whatever the case, role and moment, in either order; by name if a name narrows."""
    await given.a_user(username="ada_1", at=NOON)
    await given.a_user(username="ada_2", at=NOON + timedelta(days=1), role=domain.Role.ADMIN)
    await given.a_user(username="bob", at=NOON + timedelta(days=2))
    documents = [
        '{ users(filter: {usernamePrefix: "ADA"}) { nodes { username } } }',
        '{ users(filter: {usernamePrefix: "ADA"}, orderBy: {}) { nodes { username } } }',
        "{ users(filter: {role: ADMIN}) { nodes { username } } }",
        '{ users(filter: {joinedAfter: "2026-01-01T12:00:00Z"}) { nodes { username } } }',
        '{ users(filter: {joinedBefore: "2026-01-02T12:00:00Z"}) { nodes { username } } }',
        "{ users(orderBy: {field: USERNAME, direction: ASC}) { nodes { username } } }",
        "{ users(orderBy: {}) { nodes { username } } }",
    ]

    found = []
    for document in documents:
        result = await execute(document)
        assert result.data is not None
        found.append([user["username"] for user in result.data["users"]["nodes"]])

    assert found == [
        ["ada_1", "ada_2"],
        ["ada_2", "ada_1"],
        ["ada_2"],
        ["bob", "ada_2"],
        ["ada_1"],
        ["ada_1", "ada_2", "bob"],
        ["bob", "ada_2", "ada_1"],
    ]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        pytest.param("", ["swift", "slow"], id="no-filter"),
        pytest.param('(filter: {tag: "py"})', ["swift", "slow"], id="no-moment"),
        pytest.param(
            '(filter: {publishedAfter: "2026-01-01T00:00:00Z"})', ["slow", "swift"], id="after"
        ),
        pytest.param(
            '(filter: {tag: "py", publishedBefore: "2027-01-01T00:00:00Z"})',
            ["slow", "swift"],
            id="before",
        ),
        pytest.param(
            '(filter: {publishedAfter: "2026-01-01T00:00:00Z"}, orderBy: {})',
            ["swift", "slow"],
            id="as-asked",
        ),
    ],
)
async def test_posts_that_moments_narrow_come_by_them(
    execute: Execute, given: Given, arguments: str, found: list[str]
) -> None:
    """An index has posts in one order; the client can have another by asking for it."""
    ada = await given.a_user()
    slow = await given.a_post(by=ada, title="slow", tags=["py"], publish=False, at=NOON)
    await given.a_post(by=ada, title="swift", tags=["py"], at=NOON + timedelta(hours=1))
    release = slow.edit(status=domain.PostStatus.PUBLISHED, at=NOON + timedelta(hours=2))
    await given.written(lambda work: work.posts.update(release))

    below = f"posts{arguments} {{ nodes {{ title }} }}"
    result = await execute(
        f'{{ {below} user(by: {{username: "{ada.username}"}}) {{ {below} }} '
        f'tag(name: "py") {{ {below} }} }}'
    )

    assert result.errors is None and result.data is not None
    for parent in (result.data, result.data["user"], result.data["tag"]):
        assert [post["title"] for post in parent["posts"]["nodes"]] == found


async def test_tags_come_by_name(execute: Execute, given: Given) -> None:
    """Unlike other lists, from A on."""
    ada = await given.a_user()
    for name in ("b", "a", "c"):
        await given.a_post(by=ada, tags=[name])

    result = await execute(
        "{ tags { nodes { name } } latest: tags(orderBy: {field: CREATED_AT, direction: DESC}) "
        "{ nodes { name } } }"
    )

    assert result.data is not None
    assert [tag["name"] for tag in result.data["tags"]["nodes"]] == ["a", "b", "c"]
    assert [tag["name"] for tag in result.data["latest"]["nodes"]] == ["c", "a", "b"]


async def test_drafts_come_last_by_publication(execute: Execute, given: Given) -> None:
    """In both directions, and pages walk across the seam between moments and none."""
    ada = await given.a_user()
    titles = ["old", "new"]
    for hour, title in enumerate(titles):
        await given.a_post(by=ada, title=title, at=NOON + timedelta(hours=hour))
    for title in ("draft 1", "draft 2"):
        await given.a_post(by=ada, title=title, publish=False)
    document = """
        query ($direction: OrderDirection!, $after: String) {
          posts(first: 1, after: $after, orderBy: {field: PUBLISHED_AT, direction: $direction}) {
            nodes { title } pageInfo { hasNextPage endCursor }
          }
        }
    """

    walks = []
    for direction in ("ASC", "DESC"):
        walk, after, more = [], None, True
        while more:
            result = await execute(
                document, viewer=signed_in(ada), direction=direction, after=after
            )
            assert result.errors is None and result.data is not None
            page = result.data["posts"]
            walk += [post["title"] for post in page["nodes"]]
            more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
        walks.append(walk)

    assert walks == [
        ["old", "new", "draft 1", "draft 2"],
        ["new", "old", "draft 2", "draft 1"],
    ]


async def test_the_archive_counts_months(
    database: Database, execute: Execute, given: Given
) -> None:
    """Published posts by UTC month, newest first, of all authors or one."""
    ada, bob = await given.a_user(), await given.a_user()
    await given.a_post(by=ada, at=NOON.replace(year=2025, month=12, day=31, hour=23))
    await given.a_post(by=ada, at=NOON.replace(day=31))
    await given.a_post(by=bob, at=NOON.replace(month=2))
    await given.a_post(by=bob, publish=False)
    ids = await execute("{ users(orderBy: {field: USERNAME}) { nodes { id username } } }")
    assert ids.data is not None
    by_name = {user["username"]: user["id"] for user in ids.data["users"]["nodes"]}

    result = await execute(
        "query ($ada: ID) { archive { year month postCount } "
        "hers: archive(author: $ada) { year month postCount } }",
        ada=by_name[ada.username],
    )

    december, january, february = [
        {"year": year, "month": month, "postCount": 1}
        for year, month in ((2025, 12), (2026, 1), (2026, 2))
    ]
    assert result.data == {
        "archive": [february, january, december],
        "hers": [january, december],
    }
