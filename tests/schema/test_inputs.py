"""What clients get wrong is named, coded, and never reaches the database."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

import domain
from schema.cursors import decode_cursor, digest, encode_cursor
from schema.errors import BadRequest
from schema.ids import decode_id, encode_id
from tests.conftest import Execute, RecordQueries
from tests.factories import NOON, Given, global_id

BAD = "BAD_USER_INPUT"
NEWEST_FIRST = domain.Order(domain.PostOrderField.CREATED_AT, descending=True)
BY_TITLE = domain.Order(domain.PostOrderField.TITLE, descending=False)

POSTS = "query ($%s: %s) { posts(%s) { nodes { id } } }"
SINCE = "query ($since: DateTime) { posts(filter: {publishedAfter: $since}) { nodes { id } } }"
NODE = "query ($id: ID!) { node(id: $id) { id } }"


@pytest.mark.parametrize(
    ("document", "variables", "names", "code"),
    [
        pytest.param("{ posts(first: -1) { nodes { id } } }", {}, "`first`", BAD, id="below-0"),
        pytest.param("{ posts(last: 101) { nodes { id } } }", {}, "`last`", BAD, id="above-100"),
        pytest.param(
            "{ posts(first: 1, last: 1) { nodes { id } } }",
            {},
            "`first` and `last`",
            BAD,
            id="both",
        ),
        pytest.param("{ posts(offset: -1) { nodes { id } } }", {}, "`offset`", BAD, id="offset"),
        pytest.param(
            "{ posts(offset: 1, last: 1) { nodes { id } } }", {}, "`offset`", BAD, id="offset-last"
        ),
        pytest.param(
            '{ posts(offset: 1, after: "x") { nodes { id } } }',
            {},
            "`offset`",
            BAD,
            id="offset-after",
        ),
        pytest.param(
            "{ posts(first: 9223372036854775808) { nodes { id } } }",
            {},
            "`first`",
            BAD,
            id="65-bits",
        ),
        pytest.param(
            "query ($n: Int) { posts(first: $n) { nodes { id } } }",
            {"n": 2**63},
            "'$n'",
            BAD,
            id="65-bits-in-a-variable",
        ),
        pytest.param(
            "query ($n: Int) { posts(first: $n) { nodes { id } } }",
            {"n": "2"},
            "'$n'",
            BAD,
            id="text",
        ),
        pytest.param(
            '{ posts(after: "?") { nodes { id } } }', {}, "`after`", "BAD_CURSOR", id="no-cursor"
        ),
        pytest.param(
            '{ posts(before: "") { nodes { id } } }',
            {},
            "`before`",
            "BAD_CURSOR",
            id="empty-cursor",
        ),
        pytest.param(NODE, {"id": "?"}, "`id`", BAD, id="no-id"),
        pytest.param(NODE, {"id": ""}, "`id`", BAD, id="empty-id"),
        pytest.param(NODE, {"id": global_id("Planet", 1)}, "`id`", BAD, id="of-no-type"),
        pytest.param(NODE, {"id": global_id("Post", 2**63)}, "`id`", BAD, id="key-of-65-bits"),
        pytest.param(NODE, {"id": global_id("Post", 0)}, "`id`", BAD, id="key-0"),
        pytest.param(NODE, {"id": "Post:1"}, "`id`", BAD, id="not-encoded"),
        pytest.param(
            "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
            {"ids": [global_id("Post", 1)] * 101},
            "`ids`",
            BAD,
            id="too-many-nodes",
        ),
        pytest.param(
            "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
            {"ids": ["?"]},
            "`ids`",
            BAD,
            id="ids",
        ),
        pytest.param(
            "query ($id: ID!) { post(by: {id: $id}) { id } }",
            {"id": global_id("User", 1)},
            "`by.id`",
            BAD,
            id="of-another-type",
        ),
        pytest.param(
            "query ($id: ID) { posts(filter: {author: $id}) { nodes { id } } }",
            {"id": global_id("Post", 1)},
            "`filter.author`",
            BAD,
            id="of-another-type-in-a-filter",
        ),
        pytest.param(
            "query ($id: ID) { archive(author: $id) { year } }",
            {"id": "1"},
            "`author`",
            BAD,
            id="bare",
        ),
        pytest.param(SINCE, {"since": "2026-02-30T00:00:00Z"}, "'$since'", BAD, id="no-such-day"),
        pytest.param(SINCE, {"since": "2026-01-01T00:00:00"}, "'$since'", BAD, id="no-zone"),
        pytest.param(SINCE, {"since": "yesterday"}, "'$since'", BAD, id="a-word"),
        pytest.param(SINCE, {"since": 1}, "'$since'", BAD, id="a-number"),
        pytest.param(SINCE, {"since": "0001-01-01T00:00:00+23:59"}, "'$since'", BAD, id="before-1"),
        pytest.param(
            '{ posts(filter: {publishedAfter: "2026-13-01T00:00:00Z"}) { nodes { id } } }',
            {},
            "`filter`",
            BAD,
            id="no-such-month",
        ),
        pytest.param('{ tag(name: "a\\u0000") { id } }', {}, "`name`", BAD, id="nul"),
        pytest.param(
            '{ posts(filter: {tag: "a\\u0000"}) { nodes { id } } }',
            {},
            "`filter`",
            BAD,
            id="nested-nul",
        ),
        pytest.param(
            'query ($n: String! = "\\u0000") { tag(name: $n) { id } }',
            {},
            "`$n`",
            BAD,
            id="nul-default",
        ),
        pytest.param(
            "query ($n: String!) { tag(name: $n) { id } }",
            {"n": "\x00"},
            "`$n`",
            BAD,
            id="nul-variable",
        ),
        pytest.param(
            "query ($by: UserBy!) { user(by: $by) { id } }",
            {"by": {"username": "\ud800"}},
            "`$by`",
            BAD,
            id="half-a-surrogate-pair",
        ),
        pytest.param(
            "{ posts { nodes { excerpt(length: 0) } } }",
            {},
            "`length`",
            BAD,
            id="excerpt-of-nothing",
        ),
        pytest.param(
            "query ($d: OrderDirection = ASC) { posts(orderBy: {direction: $d}) { totalCount } }",
            {"d": None},
            "direction",
            BAD,
            id="null-where-only-a-default-may-be-missing",
        ),
        pytest.param(
            f"{{ posts(first: {'1' * 5_000}) {{ totalCount }} }}",
            {},
            "Argument `first`: no value of its type.",
            BAD,
            id="5,000-digits",
        ),
        pytest.param("{ posts", {}, "Syntax Error", "GRAPHQL_PARSE_FAILED", id="unparsable"),
        pytest.param("{ pots }", {}, "pots", "GRAPHQL_VALIDATION_FAILED", id="no-such-field"),
        pytest.param(
            "{ post(by: {}) { id } }", {}, "PostBy", "GRAPHQL_VALIDATION_FAILED", id="one-of-none"
        ),
    ],
)
async def test_a_mistake_is_named_and_coded(
    execute: Execute,
    given: Given,
    record_queries: RecordQueries,
    document: str,
    variables: dict[str, Any],
    names: str,
    code: str,
) -> None:
    """A person can mend it and a program can tell it, and no statement was spent on it."""
    if "excerpt" in document:
        await given.a_post(by=await given.a_user())

    with record_queries() as queries:
        result = await execute(document, **variables)

    assert result.errors is not None
    (error,) = result.errors
    assert names in error.message
    assert (error.extensions or {})["code"] == code
    assert len(queries) == ("excerpt" in document), queries


async def test_a_cursor_is_good_for_its_own_list_only(execute: Execute, given: Given) -> None:
    """In another list, order or filter it would skip or repeat: it is refused."""
    ada = await given.a_user()
    await given.a_comment(on=await given.a_post(by=ada), by=ada)
    result = await execute("{ posts { edges { cursor } } }")
    assert result.data is not None
    cursor = result.data["posts"]["edges"][0]["cursor"]
    reused = [
        "{ users(after: $cursor) { nodes { id } } }",
        "{ users { nodes { posts(after: $cursor) { nodes { id } } } } }",
        "{ posts(after: $cursor, orderBy: {field: TITLE}) { nodes { id } } }",
        "{ posts(after: $cursor, orderBy: {direction: ASC}) { nodes { id } } }",
        "{ posts(before: $cursor, filter: {status: PUBLISHED}) { nodes { id } } }",
    ]

    refused = [await execute(f"query ($cursor: String) {each}", cursor=cursor) for each in reused]
    accepted = await execute(
        "query ($cursor: String) { posts(after: $cursor, orderBy: {}, filter: {tag: null}) "
        "{ nodes { id } } }",
        cursor=cursor,
    )

    codes = [error.extensions for each in refused for error in each.errors or ()]
    assert codes == [{"code": "BAD_CURSOR"}] * len(reused)
    assert accepted.errors is None


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(domain.Cursor("a title", 1), id="text-for-a-moment"),
        pytest.param(domain.Cursor(None, 1), id="nothing-for-a-moment"),
        pytest.param(domain.Cursor(NOON, 2**63), id="key-of-64-bits-unsigned"),
    ],
)
def test_a_forged_position_is_refused(forged: domain.Cursor) -> None:
    """Whoever knows the format can write one, but not one that breaks a statement."""
    text = encode_cursor(forged, list_name="Query.posts", order=NEWEST_FIRST, filter=None)

    with pytest.raises(BadRequest, match="not a cursor"):
        decode_cursor(text, "after", list_name="Query.posts", order=NEWEST_FIRST, filter=None)


def test_no_filter_looks_like_another() -> None:
    """A text within one is no other field, however it is written."""
    two = domain.PostFilter(tag="a", status=domain.PostStatus.DRAFT)
    one = domain.PostFilter(tag="a\nstatus=DRAFT")

    digests = {digest("Query.posts", NEWEST_FIRST, each) for each in (one, two)}

    assert len(digests) == 2


@given_any(st.text(max_size=200), st.integers(1, 2**63 - 1))
def test_a_cursor_reads_back_as_it_was(title: str, key: int) -> None:
    """Any title can be a position, but for what no title may hold."""
    cursor = domain.Cursor(title.replace("\x00", ""), key)

    text = encode_cursor(cursor, list_name="Query.posts", order=BY_TITLE, filter=None)

    assert cursor == decode_cursor(
        text, "after", list_name="Query.posts", order=BY_TITLE, filter=None
    )


@given_any(st.text() | st.from_regex(r"[A-Za-z0-9+/=_-]*", fullmatch=True))
def test_no_text_breaks_the_readers_of_ids_and_cursors(text: str) -> None:
    """Whatever a client sends, the answer is a refusal and never a crash."""
    with pytest.raises(BadRequest):
        decode_id(text, "id")
    with pytest.raises(BadRequest):
        decode_cursor(text, "after", list_name="Query.posts", order=NEWEST_FIRST, filter=None)


@given_any(st.integers(1, 2**63 - 1))
def test_an_id_reads_back_as_it_was(key: int) -> None:
    """For every key that the database can make."""
    assert decode_id(encode_id("Post", key), "id") == ("Post", key)
