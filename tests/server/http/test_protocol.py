"""GraphQL over HTTP, as its specification has it, and as clients get it wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from server.http.media_types import GRAPHQL_RESPONSE, JSON

QUERY = {"query": "{ __typename }"}
ANSWER = {"data": {"__typename": "Query"}}
TWO = "query A { __typename } query B { b: __typename }"
SEND_JSON = {"Content-Type": JSON}


def told(response: Response) -> dict[str, Any]:
    """The one error of an answer that has no data."""
    answer = response.json()
    assert answer.keys() == {"errors"}, answer
    (error,) = answer["errors"]
    found: dict[str, Any] = error
    return found


@pytest.mark.parametrize("media_type", [JSON, GRAPHQL_RESPONSE])
async def test_a_post_is_answered_in_the_type_it_asks_for(
    anyone: AsyncClient, media_type: str
) -> None:
    """In UTF-8, which is said."""
    response = await anyone.post("/graphql", json=QUERY, headers={"Accept": media_type})

    assert (response.status_code, response.json()) == (200, ANSWER)
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize(
    "body",
    [
        {**QUERY, "variables": None, "operationName": None, "extensions": None},
        {**QUERY, "variables": {}, "operationName": "", "extensions": {"a": 1}},
        {**QUERY, "variables": {"unknown": [1]}, "more": "than GraphQL knows"},
    ],
)
async def test_parameters_that_say_nothing_are_taken(
    anyone: AsyncClient, body: dict[str, Any]
) -> None:
    """Clients send null, empty and unknown ones."""
    response = await anyone.post("/graphql", json=body)

    assert (response.status_code, response.json()) == (200, ANSWER)


async def test_a_get_asks_by_its_address(anyone: AsyncClient) -> None:
    """With variables and extensions as JSON."""
    parameters = {
        "query": "query A($n: String!) { tag(name: $n) { id } } query B { __typename }",
        "operationName": "A",
        "variables": json.dumps({"n": "höhe & tiefe"}),
        "extensions": "{}",
    }

    response = await anyone.get("/graphql", params=parameters)

    assert (response.status_code, response.json()) == (200, {"data": {"tag": None}})


@pytest.mark.parametrize(
    ("name", "status", "data"), [("A", 200, {"__typename": "Query"}), ("B", 200, {"b": "Query"})]
)
async def test_the_operation_that_is_named_runs(
    anyone: AsyncClient, name: str, status: int, data: dict[str, Any]
) -> None:
    """Of several in one document."""
    response = await anyone.post("/graphql", json={"query": TWO, "operationName": name})

    assert (response.status_code, response.json()) == (status, {"data": data})


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        pytest.param({"query": TWO}, "several operations", "BAD_USER_INPUT", id="unnamed"),
        pytest.param(
            {"query": TWO, "operationName": "C"}, "named 'C'", "BAD_USER_INPUT", id="unknown-name"
        ),
        pytest.param({"query": "{"}, "Syntax Error", "GRAPHQL_PARSE_FAILED", id="syntax"),
        pytest.param({"query": "{ a }"}, "'a'", "GRAPHQL_VALIDATION_FAILED", id="unknown-field"),
        pytest.param(
            {"query": "fragment F on Query { __typename }"},
            "'F'",
            "GRAPHQL_VALIDATION_FAILED",
            id="no-operation",
        ),
        pytest.param(
            {"query": "query ($n: Int!) { users(first: $n) { totalCount } }"},
            "'$n'",
            "BAD_USER_INPUT",
            id="variable-left-out",
        ),
    ],
)
async def test_what_never_ran_is_400_for_those_who_know_the_type(
    anyone: AsyncClient, body: dict[str, Any], message: str, code: str
) -> None:
    """And 200 for older clients, which take any other status for the network's."""
    answers = {
        media_type: await anyone.post("/graphql", json=body, headers={"Accept": media_type})
        for media_type in (JSON, GRAPHQL_RESPONSE)
    }

    assert [each.status_code for each in answers.values()] == [200, 400]
    for answer in answers.values():
        error = told(answer)
        assert message in error["message"] and error["extensions"]["code"] == code


async def test_a_field_that_fails_is_200(anyone: AsyncClient) -> None:
    """It ran, and there is a `data`."""
    body = {"query": "{ posts(first: -1) { totalCount } }"}

    response = await anyone.post("/graphql", json=body, headers={"Accept": GRAPHQL_RESPONSE})

    assert response.status_code == 200 and response.json()["data"] is None


async def test_a_null_that_a_directive_does_not_take_is_200(anyone: AsyncClient) -> None:
    """It shows as the operation runs, before any field does, and is the client's mistake."""
    document = "query ($if: Boolean = true) { __typename @include(if: $if) }"
    body = {"query": document, "variables": {"if": None}}

    response = await anyone.post("/graphql", json=body)

    (error,) = response.json()["errors"]
    assert (response.status_code, response.json()["data"]) == (200, None)
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "The body should be JSON", id="empty"),
        pytest.param(b"{", "The body should be JSON", id="half"),
        pytest.param(b'{"query": "\xff"}', "The body should be JSON", id="not-utf-8"),
        pytest.param('{"query": "é"}'.encode("utf-16"), "The body should be JSON", id="utf-16"),
        pytest.param(b'{"query": "\\ud800"}', "The body should be JSON", id="half-a-pair"),
        pytest.param(b'{"query": NaN}', "The body should be JSON", id="nan"),
        pytest.param(b"[" * 100_000, "The body should be JSON", id="deep"),
        pytest.param(b"null", "a JSON object", id="null"),
        pytest.param(b'"{ __typename }"', "a JSON object", id="text"),
        pytest.param(b'[{"query": "{ __typename }"}]', "batches", id="batch"),
        pytest.param(b"{}", "no `query`", id="no-query"),
        pytest.param(b'{"query": null}', "no `query`", id="null-query"),
        pytest.param(b'{"query": ""}', "no `query`", id="empty-query"),
        pytest.param(b'{"query": {}}', "`query` should be a string", id="query"),
        pytest.param(
            b'{"query": "{a}", "operationName": 1}', "`operationName` should be", id="name"
        ),
        pytest.param(b'{"query": "{a}", "variables": []}', "`variables` should be", id="variables"),
        pytest.param(
            b'{"query": "{a}", "variables": "{}"}', "`variables` should be", id="variables-text"
        ),
        pytest.param(
            b'{"query": "{a}", "extensions": 1}', "`extensions` should be", id="extensions"
        ),
    ],
)
async def test_a_body_that_is_no_request_is_400(
    anyone: AsyncClient, content: bytes, message: str
) -> None:
    """In GraphQL's shape, and saying what is wrong."""
    response = await anyone.post("/graphql", content=content, headers=SEND_JSON)

    assert response.status_code == 400
    assert message in told(response)["message"]


@pytest.mark.parametrize(
    ("query_string", "message"),
    [
        pytest.param("", "no `query`", id="nothing"),
        pytest.param("query=", "no `query`", id="empty"),
        pytest.param("query={a}&query={b}", "twice", id="twice"),
        pytest.param("query=%ff", "UTF-8", id="not-utf-8"),
        pytest.param("query={a}&variables={", "`variables` should be JSON", id="half"),
        pytest.param("query={a}&variables=[]", "`variables` should be an object", id="list"),
        pytest.param("query={a}&extensions=1", "`extensions` should be an object", id="number"),
    ],
)
async def test_an_address_that_is_no_request_is_400(
    anyone: AsyncClient, query_string: str, message: str
) -> None:
    """The same for what stands in a URL."""
    response = await anyone.get(f"/graphql?{query_string}")

    assert response.status_code == 400
    assert message in told(response)["message"]


async def test_a_get_changes_nothing(anyone: AsyncClient) -> None:
    """A link or a picture must not be able to: whoever is sent one has not asked for it."""
    response = await anyone.get("/graphql", params={"query": "mutation { signOut }"})

    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert told(response)["message"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "BREW"])
async def test_other_methods_are_405(anyone: AsyncClient, method: str) -> None:
    """With those there are."""
    response = await anyone.request(method, "/graphql", json=QUERY)

    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None],
)
async def test_what_a_form_can_send_is_415(anyone: AsyncClient, content_type: str | None) -> None:
    """A page of another site can have a browser send these without asking us first."""
    headers = {"Content-Type": content_type} if content_type else {}

    response = await anyone.post("/graphql", content=json.dumps(QUERY), headers=headers)

    assert response.status_code == 415
    assert "application/json" in told(response)["message"]


async def test_two_content_types_are_415(anyone: AsyncClient) -> None:
    """Nobody knows which of them a proxy has looked at."""
    headers = [("Content-Type", JSON), ("Content-Type", "text/plain")]

    response = await anyone.post("/graphql", content=json.dumps(QUERY), headers=headers)

    assert response.status_code == 415


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip", "x"])
async def test_a_compressed_body_is_415(anyone: AsyncClient, encoding: str) -> None:
    """A kilobyte can unfold to a gigabyte."""
    headers = {**SEND_JSON, "Content-Encoding": encoding}

    response = await anyone.post("/graphql", content=b"\x1f\x8b", headers=headers)

    assert response.status_code == 415


async def test_an_answer_that_nobody_reads_is_406(anyone: AsyncClient) -> None:
    """Told in JSON, for want of better."""
    response = await anyone.post("/graphql", json=QUERY, headers={"Accept": "image/png"})

    assert response.status_code == 406
    assert response.headers["content-type"] == f"{JSON}; charset=utf-8"
    assert JSON in told(response)["message"]


@pytest.mark.parametrize("length", [2**20 + 2**24 + 1, 10**30])
async def test_a_body_that_says_it_is_much_too_large_is_not_read(
    anyone: AsyncClient, length: int
) -> None:
    """And the connection is closed, rather than read to the end of it."""

    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("The body is read.")
        yield b""

    headers = {**SEND_JSON, "Content-Length": str(length)}

    response = await anyone.post("/graphql", content=never(), headers=headers)

    assert (response.status_code, response.headers["connection"]) == (413, "close")
    assert told(response)["extensions"]["code"] == "QUERY_TOO_COMPLEX"


async def test_a_body_of_unknown_length_is_read_as_far_as_it_may_be(anyone: AsyncClient) -> None:
    """Chunks say nothing of what follows."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 2**16
            yield b" " * 2**16

    response = await anyone.post("/graphql", content=endless(), headers=SEND_JSON)

    assert response.status_code == 413
    assert read <= 2**20 + 2**24 + 2**16


async def test_a_body_of_the_largest_size_is_taken(anyone: AsyncClient) -> None:
    """To the byte."""
    body = json.dumps(QUERY).ljust(2**20)

    taken = await anyone.post("/graphql", content=body, headers=SEND_JSON)
    refused = await anyone.post("/graphql", content=body + " ", headers=SEND_JSON)

    assert (taken.status_code, refused.status_code) == (200, 413)


async def test_the_cost_is_told_to_those_who_ask(anyone: AsyncClient) -> None:
    """Before a page is too large for everybody."""
    query = {"query": "{ posts(first: 5) { nodes { author { id } tags { id } } } }"}

    silent = await anyone.post("/graphql", json=query)
    telling = await anyone.post("/graphql", json=query, headers={"Inkwell-Cost": "1"})

    assert "extensions" not in silent.json()
    assert telling.json()["extensions"] == {"cost": {"requested": 60, "limit": 10_000}}


async def test_too_costly_an_operation_says_what_it_costs(anyone: AsyncClient) -> None:
    """With the variables of this request: the same document may be fine with others."""
    query = """query ($n: Int!) { posts(first: $n) { nodes { comments(first: 100) {
      nodes { author { id } } } } } }"""

    refused = await anyone.post("/graphql", json={"query": query, "variables": {"n": 100}})
    taken = await anyone.post("/graphql", json={"query": query, "variables": {"n": 40}})

    assert told(refused)["extensions"] == {
        "code": "QUERY_TOO_COMPLEX",
        "cost": 20_100,
        "limit": 10_000,
    }
    assert "20,100" in told(refused)["message"] and "10,000" in told(refused)["message"]
    assert "errors" not in taken.json()
