"""What clients accept, and what they say they send."""

from __future__ import annotations

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from server.http.media_types import GRAPHQL_RESPONSE, HTML, JSON, OFFERED, best_of, is_json

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        pytest.param("", JSON, id="nothing"),
        pytest.param("*/*", JSON, id="anything"),
        pytest.param("application/*", JSON, id="any-application"),
        pytest.param(JSON, JSON, id="json"),
        pytest.param(GRAPHQL_RESPONSE, GRAPHQL_RESPONSE, id="graphql"),
        pytest.param(f"{JSON}, {GRAPHQL_RESPONSE}", GRAPHQL_RESPONSE, id="both"),
        pytest.param(f"{GRAPHQL_RESPONSE}, {JSON};q=0.9", GRAPHQL_RESPONSE, id="graphql-rather"),
        pytest.param(f"{GRAPHQL_RESPONSE};q=0.8, {JSON}", JSON, id="json-rather"),
        pytest.param(f"{GRAPHQL_RESPONSE}, */*", GRAPHQL_RESPONSE, id="graphql-or-anything"),
        pytest.param(f"{JSON};q=0, */*", GRAPHQL_RESPONSE, id="anything-but-json"),
        pytest.param("Application/JSON ; charset=UTF-8 ;q=1", JSON, id="capitals-and-parameters"),
        pytest.param('application/json; profile="a;b"', JSON, id="quoted-parameter"),
        pytest.param(f"image/png, {JSON};q=0.001", JSON, id="hardly"),
        pytest.param(f"?, {JSON}", JSON, id="one-that-is-none"),
        pytest.param("image/png", None, id="a-picture"),
        pytest.param("*/*;q=0", None, id="nothing-at-all"),
        pytest.param(f"{JSON};q=2", None, id="a-quality-that-is-none"),
        pytest.param("application/jsonp", None, id="begins-alike"),
        pytest.param(",;,=/", None, id="marks"),
    ],
)
def test_the_answer_is_of_a_type_that_the_client_likes_best(
    accept: str, chosen: str | None
) -> None:
    """As RFC 9110 weighs ranges; GraphQL's own type is for those who name it."""
    assert best_of(accept) == chosen


def test_a_browser_likes_a_page_best() -> None:
    """And a program that takes anything gets data."""
    offered = (*OFFERED, HTML)

    assert [best_of(each, offered) for each in (BROWSER, "*/*", "")] == [HTML, JSON, JSON]


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (JSON, True),
        ("application/json; charset=utf-8", True),
        ('Application/JSON;charset="UTF-8"', True),
        ("application/json;", True),
        ("application/json; charset=latin-1", False),
        ("application/json; charset=utf-16", False),
        ("application/graphql-response+json", False),
        ("application/graphql", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=application/json", False),
        ("text/plain", False),
        ("text/plain; application/json", False),
        ("application/json, text/plain", False),
        ("application/json text/plain", False),
        ("application/jsonx", False),
        ("json", False),
        ("", False),
    ],
)
def test_only_json_is_json(content_type: str, *, expected: bool) -> None:
    """What a form of another site can send is none, whatever else stands in its type."""
    assert is_json(content_type) is expected


@given_any(st.text(max_size=300))
def test_no_header_breaks_the_readers(header: str) -> None:
    """Whatever stands there, one of the types offered is chosen, or none."""
    assert best_of(header) in {*OFFERED, None}
    is_json(header)
