"""What is wrong with a variable is told, and what it holds is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from schema import schema
from server.operations import OperationLimits, Operations, Refused
from server.operations.variable_errors import FORMS, reworded
from tests.server.operations.documents import prepared

SECRET = "plainly-fake"  # noqa: S105 (as it says)
SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }"
POSTS = "query ($filter: PostFilter) { posts(filter: $filter) { totalCount } }"
POST = "query ($by: PostBy!) { post(by: $by) { id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
ORDER = "query ($order: PostOrder) { posts(orderBy: $order) { totalCount } }"
PAGE = "query ($n: Int) { posts(first: $n) { totalCount } }"
TAG = "query ($name: String!) { tag(name: $name) { id } }"
SHOWN = "query ($is: Boolean!) { __typename @include(if: $is) }"
MEANT = "Did you mean"
NON_NULL, OF = "Expected value of non-null type", "Expected value of type"
VARIABLE = re.compile(r"\$(\w+):")
A_MOMENT = "a moment looks like 2026-01-31T12:00:00Z, to the microsecond at most."


def messages(document: str, variables: dict[str, Any], *, introspection: bool = True) -> list[str]:
    """What is said of variables that are refused."""
    with pytest.raises(Refused) as refused:
        prepared(document, variables, introspection=introspection)
    codes = [(error.extensions or {})["code"] for error in refused.value.errors]
    assert set(codes) == {"BAD_USER_INPUT"}
    return [error.message for error in refused.value.errors]


@pytest.mark.parametrize(
    ("document", "value", "where", "says"),
    [
        (SIGN_IN, None, "", f"{NON_NULL} 'SignInInput!' not to be null."),
        (SIGN_IN, SECRET, "", f"{OF} 'SignInInput' to be an object."),
        (
            SIGN_IN,
            {"login": SECRET},
            "",
            f"{OF} 'SignInInput' to include required field 'password'.",
        ),
        (
            SIGN_IN,
            {"login": "ada", "password": SECRET, "passwort": SECRET},
            "",
            f"{OF} 'SignInInput' not to include unknown field 'passwort'. Did you mean 'password'?",
        ),
        (
            SIGN_IN,
            {"login": "ada", "password": SECRET, "x', found: it": SECRET},
            "",
            f"{OF} 'SignInInput' not to include unknown field 'x'.",
        ),
        (
            SIGN_IN,
            {"login": SECRET, "password": None},
            " at .password",
            f"{NON_NULL} 'String!' not to be null.",
        ),
        (
            SIGN_IN,
            {"login": "ada", "password": [SECRET]},
            " at .password",
            "String cannot represent a non string value.",
        ),
        (NODES, ["x", [SECRET]], " at [1]", "ID cannot represent the value."),
        (PAGE, SECRET, "", "Int cannot represent non-integer value."),
        (PAGE, 7.5, "", "Int cannot represent non-integer value."),
        (PAGE, 777_777_777_777, "", "Int cannot represent non 32-bit signed integer value."),
        (SHOWN, SECRET, "", "Boolean cannot represent a non boolean value."),
        (
            ORDER,
            {"field": SECRET},
            " at .field",
            "The value does not exist in 'PostOrderField' enum.",
        ),
        (
            ORDER,
            {"field": "TITEL"},
            " at .field",
            f"The value does not exist in 'PostOrderField' enum. {MEANT} the enum value 'TITLE'?",
        ),
        (
            ORDER,
            {"field": [SECRET]},
            " at .field",
            "Enum 'PostOrderField' cannot represent non-string value.",
        ),
        (POSTS, {"publishedAfter": SECRET}, " at .publishedAfter", A_MOMENT),
    ],
)
def test_a_mistake_is_told_without_the_value(
    document: str, value: Any, where: str, says: str
) -> None:
    """With the variable and the way to it, in the words of GraphQL."""
    (name,) = VARIABLE.findall(document)

    told = messages(document, {name: value})

    assert told == [f"Variable '${name}' has invalid value{where}: {says}"]


@pytest.mark.parametrize("value", [{"id": SECRET, "slug": SECRET}, {"id": None}, {}])
def test_one_of_several_is_asked_for_without_the_value(value: dict[str, Any]) -> None:
    """Strawberry says this one in its own words."""
    (message,) = messages(POST, {"by": value})

    assert SECRET not in message and "None" not in message


def test_a_variable_that_is_missing_is_named() -> None:
    """There is no value that could be told."""
    (message,) = messages(SIGN_IN, {})

    assert message == (
        "Variable '$input' has invalid value: "
        "Expected a value of non-null type 'SignInInput!' to be provided."
    )


def test_without_introspection_nothing_is_suggested() -> None:
    """The rest is told all the same."""
    variables = {"input": {"login": "ada", "password": SECRET, "passwort": SECRET}}

    (message,) = messages(SIGN_IN, variables, introspection=False)

    assert message.endswith("not to include unknown field 'passwort'.")


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("Expected value of type 'Odd', found: 'plainly-fake'.", "Expected value of type 'Odd'."),
        (
            "Expected value of type 'Odd', but encountered error 'plainly-fake'; found: 1.",
            "Expected value of type 'Odd'.",
        ),
        (
            "Float cannot represent non numeric value: 'plainly-fake'",
            "Float cannot represent non numeric value.",
        ),
        (
            "Value 'a' does not exist in 'X' enum.' does not exist in 'Y' enum.",
            "The value does not exist in 'Y' enum.",
        ),
        ("plainly-fake", "It does not fit its type."),
        ("Anything else that may be said of 'plainly-fake'.", "It does not fit its type."),
    ],
)
def test_what_is_not_known_is_not_repeated(message: str, told: str) -> None:
    """A scalar of tomorrow has words of its own, and nobody knows what they quote."""
    assert reworded(message) == told


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(77_777_777_770, 77_777_777_779)
    | st.just(77_777.5)
    | st.text(max_size=10).map(lambda text: f"{SECRET}{text}{SECRET}")
    | st.sampled_from([form for form, _ in FORMS]).map(lambda form: f"{SECRET} {form} {SECRET}"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["login", "password", "id", "slug", "field", "direction", "tag", "other"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
OPERATIONS = Operations(schema, OperationLimits(), introspection=True)


def strings(errors: list[Any]) -> Iterator[str]:
    """All that is said."""
    for error in errors:
        yield error.message
        yield str(error.extensions)


@given_any(st.sampled_from([SIGN_IN, POSTS, POST, NODES, ORDER, PAGE, TAG, SHOWN]), VALUES)
def test_no_message_holds_a_value(document: str, value: Any) -> None:
    """Errors are logged and collected by who has no business with passwords."""
    (name,) = VARIABLE.findall(document)

    try:
        OPERATIONS.prepare(document, {name: value})
    except Refused as refused:
        for text in strings(refused.errors):
            assert SECRET not in text
            assert "7777" not in text
            assert "None" not in text
