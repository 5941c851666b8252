"""What clients are answered: JSON of GraphQL's shape, whatever happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError
from starlette.types import Send

from schema.errors import Code
from server.http.media_types import GRAPHQL_RESPONSE, JSON
from server.http.requests import HttpError

RETRY_AFTER = {"Retry-After": "1"}


class Answer:
    """A response: a status, a body of some media type, and headers."""

    def __init__(
        self,
        status: int,
        body: bytes,
        media_type: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.body = body
        self.media_type = media_type
        self.headers = headers or {}

    async def send(self, send: Send) -> None:
        """Send it."""
        headers = [
            (b"content-type", f"{self.media_type}; charset=utf-8".encode()),
            (b"content-length", str(len(self.body)).encode()),
            *((name.lower().encode(), value.encode()) for name, value in self.headers.items()),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def refusal(error: HttpError, media_type: str = JSON) -> Answer:
    """Answer a request that is not to run."""
    content = {"errors": [{"message": str(error), "extensions": error.extensions}]}
    return Answer(error.status, orjson.dumps(content), media_type, error.headers)


def not_run(errors: Sequence[GraphQLError], media_type: str) -> Answer:
    """Answer a request of which nothing ran: 400, but 200 for those who know no other.

    Clients of `application/json` may be older than GraphQL's own media type, and take any
    other status for a failure of the network.
    """
    status = 400 if media_type == GRAPHQL_RESPONSE else 200
    content = {"errors": [each.formatted for each in errors]}
    return Answer(status, orjson.dumps(content), media_type)


def result(found: ExecutionResult, media_type: str, **extensions: Any) -> Answer:
    """Answer with what came of an operation."""
    content: dict[str, Any] = {"data": found.data}
    if found.errors:
        content["errors"] = [each.formatted for each in found.errors]
    if extensions:
        content["extensions"] = extensions
    status, headers = status_of(found)
    return Answer(status, orjson.dumps(content), media_type, headers)


def status_of(found: ExecutionResult) -> tuple[int, Mapping[str, str]]:
    """Choose a status: 200, or 503 if the database could do nothing for it.

    It is 500 for what failed beside the fields, of which an operation's errors are.
    """
    if not found.errors or (found.data is not None and any_value(found.data)):
        return 200, {}
    reasons = [each.extensions or {} for each in found.errors]
    if any(each.get("code") != Code.SERVICE_UNAVAILABLE for each in reasons):
        return 500 if all(each.path is None for each in found.errors) else 200, {}
    return 503, {} if any(each.get("mayBeSaved") for each in reasons) else RETRY_AFTER


def any_value(data: Mapping[str, Any]) -> bool:
    """Tell whether there is anything but nulls."""
    return any(value is not None for value in data.values())
