"""What clients are answered: JSON of GraphQL's shape, whatever happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError
from starlette.types import Send

from schema.errors import Code
from server.http.headers import with_common
from server.http.media_types import GRAPHQL_RESPONSE, HTML, JSON, OFFERED
from server.http.request_log import note
from server.http.requests import HttpError

RETRY_AFTER = {"Retry-After": "1"}
HEADERS = {
    media_type: with_common(
        [
            (b"content-type", f"{media_type}; charset=utf-8".encode()),
            (b"vary", b"Accept, Origin"),
        ]
    )
    for media_type in (*OFFERED, HTML)
}
"""What is the same for every answer of a media type."""


class Answer:
    """A response: a status, a body of some media type, and headers."""

    def __init__(
        self,
        status: int,
        body: bytes,
        media_type: str,
        *,
        headers: Mapping[str, str] | None = None,
        error_codes: Sequence[str] = (),
        error_ids: Sequence[str] = (),
    ) -> None:
        self.status = status
        self.body = body
        self.media_type = media_type
        self.headers = headers or {}
        self.error_codes = error_codes
        self.error_ids = error_ids

    async def send(self, send: Send) -> None:
        """Send it, and have the log say what it tells."""
        if self.error_codes:
            note(error_codes=self.error_codes, error_ids=self.error_ids)
        headers = [*HEADERS[self.media_type], (b"content-length", b"%d" % len(self.body))]
        if self.headers:
            own = {name.lower().encode(): value.encode() for name, value in self.headers.items()}
            headers = [*(each for each in headers if each[0] not in own), *own.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def refusal(error: HttpError, media_type: str = JSON) -> Answer:
    """Answer a request that is not to run."""
    content = {"errors": [{"message": str(error), "extensions": error.extensions}]}
    return Answer(
        error.status,
        dumped(content),
        media_type,
        headers=error.headers,
        error_codes=[error.extensions["code"]],
    )


def not_run(errors: Sequence[GraphQLError], media_type: str) -> Answer:
    """Answer a request of which nothing ran: 400, but 200 for those who know no other.

    Clients of `application/json` may be older than GraphQL's own media type, and take any
    other status for a failure of the network.
    """
    return failed(400 if media_type == GRAPHQL_RESPONSE else 200, errors, media_type)


def result(found: ExecutionResult, media_type: str, **extensions: Any) -> Answer:
    """Answer with what came of an operation; it is 503 if the database could do nothing for it."""
    content: dict[str, Any] = {"data": found.data}
    codes: Sequence[str] = ()
    ids: Sequence[str] = ()
    if found.errors:
        codes, ids = codes_of(found.errors), ids_of(found.errors)
        if codes == [Code.SERVICE_UNAVAILABLE] and not holds_any(found.data):
            return failed(503, found.errors, media_type)
        content["errors"] = [each.formatted for each in found.errors]
    if extensions:
        content["extensions"] = extensions
    return Answer(200, dumped(content), media_type, error_codes=codes, error_ids=ids)


def failed(status: int, errors: Sequence[GraphQLError], media_type: str) -> Answer:
    """Answer with errors in place of data.

    Whoever is told that the server can't serve may try again, unless something may be saved.
    """
    may_try_again = status == HTTPStatus.SERVICE_UNAVAILABLE and not any(
        (each.extensions or {}).get("mayBeSaved") for each in errors
    )
    return Answer(
        status,
        dumped({"errors": [each.formatted for each in errors]}),
        media_type,
        headers=RETRY_AFTER if may_try_again else None,
        error_codes=codes_of(errors),
        error_ids=ids_of(errors),
    )


def dumped(content: Any) -> bytes:
    """Write JSON, in which moments end in a Z."""
    return orjson.dumps(content, option=orjson.OPT_UTC_Z)


def holds_any(data: Mapping[str, Any] | None) -> bool:
    """Tell whether there is anything but nulls."""
    return data is not None and any(value is not None for value in data.values())


def codes_of(errors: Sequence[GraphQLError]) -> list[str]:
    """List what kinds of errors there are, each once."""
    return sorted({(each.extensions or {})["code"] for each in errors})


def ids_of(errors: Sequence[GraphQLError]) -> list[str]:
    """List the ids under which the log has those that are masked."""
    told = [(each.extensions or {}).get("errorId") for each in errors]
    return [each for each in told if each is not None]
