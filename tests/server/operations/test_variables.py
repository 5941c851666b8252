"""Variables are looked at before they are read as their types, by a loop and within limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schema.errors import BadRequest
from server.operations import OperationLimits
from server.operations.limits import MAX_VALUES
from server.operations.variables import check_variables
from tests.server.operations.documents import prepared, refusal

LIMITS = OperationLimits()


def nested(levels: int) -> Any:
    """An empty list in lists and objects, by turns."""
    value: Any = []
    for level in range(1, levels):
        value = {"a": value} if level % 2 else [value]
    return value


@pytest.mark.parametrize(
    ("fits", "does_not", "says"),
    [
        pytest.param(nested(30), nested(31), "`$v` is nested too deeply", id="levels"),
        pytest.param([0] * 1_000, [0] * 1_001, "a list of `$v`: 1,001", id="list"),
        pytest.param(
            {"a": {"b": [0] * 1_000}}, {"a": {"b": [0] * 1_001}}, "1,001", id="list-within"
        ),
        pytest.param(
            [[0] * 908] * 11, [[0] * 909] * 11, "Too many values in variables", id="lists"
        ),
        pytest.param(
            {f"{n}": 0 for n in range(MAX_VALUES // 2 - 1)},
            {f"{n}": 0 for n in range(MAX_VALUES // 2)},
            "values in variables: 10,001",
            id="object",
        ),
    ],
)
def test_a_limit_is_the_most_there_may_be(fits: Any, does_not: Any, says: str) -> None:
    """So much passes, one more is refused, and a program is told of which variable."""
    check_variables({"v": fits}, LIMITS)

    with pytest.raises(BadRequest) as refused:
        check_variables({"v": does_not}, LIMITS)

    assert says in refused.value.message
    assert (refused.value.extensions or {})["code"] == "QUERY_TOO_COMPLEX"


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"ids": ["UG9zdDox"] * 5_000}, id="5,000-copies-of-an-id"),
        pytest.param({"ids": nested(1_000)}, id="nested-1,000-deep"),
        pytest.param({"ids": nested(100_000)}, id="nested-100,000-deep"),
        pytest.param({"ids": [0] * 1_000_000}, id="a-million-elements"),
        pytest.param({"ids": {str(n): 0 for n in range(130_000)}}, id="an-object-of-130,000"),
        pytest.param({str(n): 0 for n in range(130_000)}, id="130,000-variables"),
        pytest.param({"ids": [[0] * 1_000] * 500}, id="lists-in-a-list"),
        pytest.param({"unknown": [0] * 1_000_000}, id="of-no-variable"),
    ],
)
def test_hostile_variables_are_refused(variables: dict[str, Any]) -> None:
    """As much as fits into a body, and also where the document has no such variable."""
    refusal("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables)


class Watched(list[Any]):
    """A list that counts how many of its elements are looked at."""

    looked_at = 0

    def __iter__(self) -> Any:
        for each in super().__iter__():
            Watched.looked_at += 1
            yield each


def test_no_more_is_looked_at_than_may_be() -> None:
    """What is too much is refused by its length, and not gone through first."""
    Watched.looked_at = 0
    lists = Watched([Watched([0] * 1_000) for _ in range(1_000)])

    with pytest.raises(BadRequest, match="values in variables"):
        check_variables({"v": lists}, replace(LIMITS, list_length=1_000))

    assert Watched.looked_at <= MAX_VALUES


@pytest.mark.parametrize("text", ["\x00", "\ud800", "half\udfff"])
def test_text_that_no_database_keeps_is_refused_wherever_it_stands(text: str) -> None:
    """In a value, in a key, and in a name; and what is refused is told without it."""
    for variables in ({"v": text}, {"v": [{"a": [text]}]}, {"v": {text: 0}}, {text: 0}):
        with pytest.raises(BadRequest, match="NUL character") as refused:
            check_variables(variables, LIMITS)

        assert text not in refused.value.message
        assert (refused.value.extensions or {})["code"] == "BAD_USER_INPUT"


def test_what_no_operation_declares_is_left_alone() -> None:
    """As the specification has it: a client may send one set of variables with any document."""
    assert (
        prepared("{ __typename }", {"unknown": {"a": [1, None, 2.5, True]}}).definition.name is None
    )
