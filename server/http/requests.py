"""GraphQL requests, as HTTP carries them: JSON in the body of a POST, or the URL of a GET."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from schema.errors import Code
from server.http import media_types
from server.http.headers import headers_of

ALLOWED = {"Allow": "GET, POST"}
COST_HEADER = "Inkwell-Cost"
TRACE_HEADER = "Inkwell-Trace"
IDENTITY = b"identity"
MAX_DISCARDED_BYTES = 2**24
CLOSE = {"Connection": "close"}  # rather than wait for a body that nobody will read
PARAMETERS = ("query", "operationName", "variables", "extensions")


class HttpError(Exception):
    """A request that is answered without running: with a status, and an error as GraphQL's."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: Code = Code.BAD_USER_INPUT,
        headers: Mapping[str, str] | None = None,
        hints: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.extensions = {"code": code, **(hints or {})}


class GraphQLRequest(NamedTuple):
    """What is asked for."""

    query: str
    operation_name: str | None
    variables: dict[str, Any]

    @classmethod
    def of(cls, parameters: dict[str, Any]) -> GraphQLRequest:
        """Check the types of a request's parameters; raises `HttpError`."""
        query = typed(parameters, "query", str, "a string")
        if not query:
            raise HttpError(400, "There is no `query` in the request.")
        typed(parameters, "extensions", dict, "an object")
        operation_name = typed(parameters, "operationName", str, "a string")
        variables = typed(parameters, "variables", dict, "an object")
        return cls(query, operation_name, variables or {})


def typed(parameters: dict[str, Any], name: str, type_: type, description: str) -> Any:
    """Take a parameter of this type or null; raises `HttpError`."""
    value = parameters.get(name)
    if value is not None and not isinstance(value, type_):
        raise HttpError(400, f"`{name}` should be {description}.")
    return value


async def read_request(scope: Scope, receive: Receive, max_body_bytes: int) -> GraphQLRequest:
    """Read a request; raises `HttpError`, and `ClientDisconnect` if the body breaks off."""
    match scope["method"]:
        case "POST":
            check_body_headers(headers_of(scope), max_body_bytes)
            return GraphQLRequest.of(parse_body(await read_body(receive, max_body_bytes)))
        case "GET":
            return GraphQLRequest.of(parse_url(scope["query_string"]))
        case method:
            raise HttpError(405, f"{method} is no way to ask: send a POST.", headers=ALLOWED)


def check_body_headers(headers: Mapping[bytes, bytes], max_body_bytes: int) -> None:
    """Refuse a body by what is said of it, before it is read; raises `HttpError`.

    What a form or a page of another site can send without being asked is no JSON by its type.
    """
    if not media_types.is_json(headers.get(b"content-type", b"").decode("latin-1")):
        raise HttpError(415, "Send JSON in UTF-8, with `Content-Type: application/json`.")
    if headers.get(b"content-encoding", IDENTITY).lower() != IDENTITY:
        raise HttpError(415, "Send the body as it is: no Content-Encoding is taken.")
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:20]) > max_body_bytes + MAX_DISCARDED_BYTES:
        raise too_large(max_body_bytes)


async def read_body(receive: Receive, max_body_bytes: int) -> bytes:
    """Read a body, and keep no more of it than there may be; raises `HttpError`.

    What is too much is read for a while all the same: who is hung up on while sending does not
    get to read why.
    """
    chunks, size, more = [], 0, True
    while more and size <= max_body_bytes + MAX_DISCARDED_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= max_body_bytes:
            chunks.append(chunk)
        more = message.get("more_body", False)
    if size > max_body_bytes:
        raise too_large(max_body_bytes)
    return b"".join(chunks)


def too_large(max_body_bytes: int) -> HttpError:
    """Say that a body is too large."""
    return HttpError(
        413,
        f"The body may have {max_body_bytes:,} bytes at most.",
        code=Code.QUERY_TOO_COMPLEX,
        headers=CLOSE,
    )


def parse_body(body: bytes) -> dict[str, Any]:
    """Read the parameters in a body; raises `HttpError`."""
    found = parse_json(body, "The body")
    if isinstance(found, list):
        raise HttpError(400, "Send one operation at a time: batches are not taken.")
    if not isinstance(found, dict):
        raise HttpError(400, "The body should be a JSON object with `query`.")
    return found


def parse_url(query_string: bytes) -> dict[str, Any]:
    """Read the parameters in a URL; raises `HttpError`."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise HttpError(400, "The URL's parameters should be UTF-8, percent-encoded.") from None
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found and name in PARAMETERS:
            raise HttpError(400, f"`{name}` stands twice in the URL.")
        found[name] = value
    for name in ("variables", "extensions"):
        if name in found:
            found[name] = parse_json(found[name] or "null", f"`{name}`")
    return found


def parse_json(text: str | bytes, what: str) -> Any:
    """Read JSON; raises `HttpError`."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise HttpError(400, f"{what} should be JSON, in UTF-8.") from None
