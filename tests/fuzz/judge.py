"""What every answer has to be, whatever was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from schema.errors import MAX_ERRORS, MAX_MESSAGE_LENGTH, Code
from tests.fuzz.client import Answer, Request

INTERNALS = re.compile(
    r"""
    Traceback | File\ \\?" | \.py\b | site-packages | python3 | /(home|root|usr|tmp)/
    | (?i: sqlalchemy | sqlite | asyncpg | aiomysql | aiodataloader | alembic | orjson | pydantic
        | strawberry | starlette | uvicorn | graphql[_-]?core | asyncio | argon2 )
    | (?i: \bSELECT\b.+\bFROM\b | \bINSERT\ INTO\b | \bUPDATE\b.+\bSET\b | \bDELETE\ FROM\b )
    | UNIQUE\ constraint | FOREIGN\ KEY | no\ such\ (table|column)
    | \bat\ 0x[0-9a-f]{6,} | <(class|function|coroutine|object|module)\ | \bobject\ at\b
    | [A-Z][a-z]+Exception\b | \b[A-Z][A-Za-z]*(?<!GraphQL)Error:\ | \b[a-z_]+\.[A-Z]\w+Error\b
    | GraphQLError | GraphQL[A-Z][a-z]+Type\b | NoneType | \bUNSET\b | \bUndefined\b
    """,
    re.VERBOSE,
)
"""What only our own code, its libraries and its databases say."""

SUGGESTION = "Did you mean"
TYPES = {"application/json; charset=utf-8", "application/graphql-response+json; charset=utf-8"}
ERROR_KEYS = {"message", "locations", "path", "extensions"}
INVALID_HTTP = (400, b"Invalid HTTP request received.")  # uvicorn's own answer


class Judge:
    """Finds what is wrong with answers; what clients said themselves may come back to them."""

    def __init__(self, *, in_production: bool) -> None:
        self._in_production = in_production
        self._said: set[str] = set()

    def complaints(self, sent: bytes, request: Request | None, answer: Answer) -> list[str]:
        """Say all that is wrong with an answer; without a `request` it need not be GraphQL's."""
        asked = internals(sent.decode("latin-1"))
        self._said |= asked
        found = []
        if answer.status >= 500:
            found.append(f"the status is {answer.status}")
        if is_page(request, answer) and not self._in_production:
            return found
        content, problems = self._content(request, answer)
        found += problems
        data = json.dumps(content.pop("data", None), ensure_ascii=False)
        rest = json.dumps(content, ensure_ascii=False) if content else str(answer)
        leaks = (internals(rest + str(answer.headers)) - asked) | (internals(data) - self._said)
        found += [f"it tells of internals: {leak}" for leak in sorted(leaks)]
        if self._in_production and SUGGESTION in rest and SUGGESTION.encode() not in sent:
            found.append("it suggests")
        return found

    def _content(self, request: Request | None, answer: Answer) -> tuple[dict[str, Any], list[str]]:
        """Read an answer that is GraphQL's, or should be, and say what is wrong with its shape."""
        is_empty = request is not None and (request.method == b"HEAD" or is_preflight(request))
        if request is None or not request.is_for_graphql or (is_empty and not answer.body):
            return {}, []
        if (answer.status, answer.body) == INVALID_HTTP:
            return {}, []
        if answer.header("content-type") not in TYPES:
            return {}, [f"the content type is {answer.header('content-type')!r}"]
        try:
            content = json.loads(answer.body)
        except ValueError:
            return {}, ["the body is no JSON"]
        if not isinstance(content, dict):
            return {}, ["the body is no object"]
        return content, [*shape(content)]


def shape(content: dict[str, Any]) -> Iterable[str]:
    """Say what keeps an object from being GraphQL's answer."""
    if not content.keys() & {"data", "errors"} or content.keys() - {"data", "errors", "extensions"}:
        yield f"its keys are {sorted(content)}"
    if not isinstance(content.get("data"), dict | None):
        yield "`data` is no object"
    errors = content.get("errors", [])
    if "errors" in content and not (isinstance(errors, list) and 0 < len(errors) <= MAX_ERRORS):
        yield f"`errors` are not 1 to {MAX_ERRORS}"
        return
    for error in errors:
        message, extensions = error.get("message"), error.get("extensions", {})
        if error.keys() - ERROR_KEYS or not isinstance(message, str) or not message:
            yield f"an error is of another shape: {error}"
        elif len(message) > MAX_MESSAGE_LENGTH:
            yield f"a message has {len(message)} characters"
        if extensions.get("code") not in {*Code} - {Code.INTERNAL_SERVER_ERROR}:
            yield f"an error's code is {extensions.get('code')}"


def internals(text: str) -> set[str]:
    """Find what only the server's insides say."""
    return {match[0].lower() for match in INTERNALS.finditer(text)}


def is_preflight(request: Request) -> bool:
    """Whether a browser asks if a page may ask."""
    names = {name.lower() for name, _ in request.headers}
    return request.method == b"OPTIONS" and {b"origin", b"access-control-request-method"} <= names


def is_page(request: Request | None, answer: Answer) -> bool:
    """Whether it is the page for people, which a request for a page may get."""
    is_get = request is None or request.method == b"GET"
    return is_get and answer.status == 200 and answer.header("content-type").startswith("text/html")
