"""The GraphQL endpoint: from a request's bytes to the bytes of its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from graphql import ExecutionResult, GraphQLError
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from persistence import Database, SqlUnitOfWork, Usage
from schema.context import Context
from schema.errors import Code, shown
from server.authentication import CHALLENGE, Authentication, InvalidToken, token_of
from server.http import media_types
from server.http.clients import client_of
from server.http.headers import headers_of
from server.http.request_log import note
from server.http.requests import CLOSE, COST_HEADER, GraphQLRequest, HttpError, read_request
from server.http.responses import Answer, codes_of, failed, not_run, refusal, result
from server.http.watches import OutOfTime, Watch
from server.operations import Operation, Operations, Refused, hash_of

T = TypeVar("T")

STATUSES: Mapping[str, int] = {Code.SERVICE_UNAVAILABLE: 503, Code.TIMEOUT: 504}
ASKS_FOR_COST = COST_HEADER.lower().encode()
OFFERED_TO_BROWSERS = (*media_types.OFFERED, media_types.HTML)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """What a request may take: bytes of its body, and seconds to arrive and to run."""

    body_bytes: int = 2**20
    seconds: float = 10


class Page(Protocol):
    """What a browser is shown."""

    @property
    def html(self) -> bytes: ...

    @property
    def policy(self) -> str:
        """What the browser is to allow it, as Content-Security-Policy has it."""


class GraphQLEndpoint:
    """GraphQL over HTTP, as an ASGI app; every answer is GraphQL's JSON.

    An operation has a unit of work of its own, which ends before the response is sent: a client
    that reads slowly holds no connection. If the client goes away before that, the operation is
    cancelled and nothing is sent. A browser that opens the address is shown the page, if any.
    """

    def __init__(
        self, operations: Operations, limits: HttpLimits, *, page: Page | None = None
    ) -> None:
        self._operations = operations
        self._limits = limits
        self.page = page

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if self.page is not None and is_for_page(scope):
            policy = {"Content-Security-Policy": self.page.policy}
            return Answer(200, self.page.html, media_types.HTML, headers=policy).send(send)
        return send_answer(self._answer(scope, receive), send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        """Answer a request; raises `ClientDisconnect` if there is nobody any more."""
        media_type, operation = media_types.JSON, None
        limits = self._limits
        try:
            media_type = negotiated(scope)
            with Watch(limits.seconds) as watch:
                request = await watch.over(read_request(scope, receive, limits.body_bytes))
                operation = self._prepare(request, scope["method"])
                watch.listen(scope, receive)
                watch.begin_anew()
                found = await watch.over(self._execute(operation, scope))
            return self._told(found, media_type, operation, scope)
        except ClientDisconnect:
            raise
        except OutOfTime:
            return refusal(out_of_time(operation, limits.seconds), media_type)
        except Refused as refused:
            return not_run(refused.errors, media_type)
        except Exception as error:  # noqa: BLE001 (is told or masked, as in a field)
            return failure(error, media_type)

    def _prepare(self, request: GraphQLRequest, method: str) -> Operation:
        """Get the operation ready to run; raises `Refused` and `HttpError`."""
        query, name, variables = request
        try:
            operation = self._operations.prepare(query, variables, name)
        except Exception:
            note(operation_name=name, document_hash=hash_of(query))
            raise
        asked = operation.definition
        note(operation_name=asked.name, operation_type=asked.type, document_hash=asked.hash)
        if method == "GET" and not asked.is_query:
            raise HttpError(405, "A GET only reads: send a POST.", headers={"Allow": "POST"})
        return operation

    def _execute(self, operation: Operation, scope: Scope) -> Awaitable[ExecutionResult]:
        return execute(operation, scope)

    def _told(
        self, found: ExecutionResult, media_type: str, operation: Operation, scope: Scope
    ) -> Answer:
        """Answer with what came of an operation, and what a client wants to know beside that."""
        if ASKS_FOR_COST not in headers_of(scope):
            return result(found, media_type)
        limit = self._operations.limits.cost
        return result(found, media_type, cost={"requested": operation.cost, "limit": limit})


def negotiated(scope: Scope) -> str:
    """Choose the media type of the answer; raises `HttpError`."""
    media_type = media_types.best_of(accepted_by(scope))
    if media_type is None:
        accepted = " or ".join(media_types.OFFERED)
        raise HttpError(406, f"The answer is {accepted}: accept one of them.")
    return media_type


def accepted_by(scope: Scope) -> str:
    """Read which media types a client likes."""
    return headers_of(scope).get(b"accept", b"").decode("latin-1")


def is_for_page(scope: Scope) -> bool:
    """Tell a browser that opens the address from a program that asks."""
    asks = any(each.startswith(b"query=") for each in scope["query_string"].split(b"&"))
    if scope["method"] != "GET" or asks:
        return False
    return media_types.best_of(accepted_by(scope), OFFERED_TO_BROWSERS) == media_types.HTML


async def send_answer(answering: Awaitable[Answer], send: Send) -> None:
    """Send an answer once it is there, unless its client has gone by then."""
    try:
        answer = await answering
    except ClientDisconnect:
        return
    await answer.send(send)


def execute(
    operation: Operation, scope: Scope, usage: Usage | None = None
) -> Awaitable[ExecutionResult]:
    """Run an operation as the viewer of a request; see `as_viewer`."""

    def run(work: SqlUnitOfWork) -> Awaitable[ExecutionResult]:
        return operation.execute(Context(work, scope["state"]["accounts"], client_of(scope)))

    return as_viewer(scope, run, usage)


async def as_viewer(
    scope: Scope, run: Callable[[SqlUnitOfWork], Awaitable[T]], usage: Usage | None = None
) -> T:
    """Run something in a unit of work, for whom the token stands; raises `InvalidToken`."""
    state, viewer = scope["state"], None
    database: Database = state["database"]
    authentication: Authentication = state["authentication"]
    token = token_of(headers_of(scope).get(b"authorization"))
    async with database.unit_of_work(usage=usage) as work:
        try:
            seen = work
            if token is not None:
                viewer = await authentication.viewer(token, work)
                seen = work.seen_by(viewer)
            return await run(seen)
        finally:
            user_id, used = viewer and viewer.id, work.usage
            note(user_id=user_id, statements=used.statements, rows=used.rows)


def failure(error: Exception, media_type: str = media_types.JSON) -> Answer:
    """Answer a request that failed as a whole, or is not to run."""
    if isinstance(error, HttpError):
        return refusal(error, media_type)
    if isinstance(error, InvalidToken):
        return refusal(signed_out(), media_type)
    errors = shown([GraphQLError(str(error), original_error=error)])
    (code,) = codes_of(errors)
    return failed(STATUSES.get(code, 500), errors, media_types.JSON)


def out_of_time(operation: Operation | None, seconds: float) -> HttpError:
    """Tell what took too long: an operation, or the body in which there would have been one."""
    if operation is None:
        message = f"The body took longer than {seconds:g} seconds to arrive."
        return HttpError(408, message, code=Code.TIMEOUT, headers=CLOSE)
    return stopped(seconds, None if operation.definition.is_query else {"mayBeSaved": True})


def stopped(seconds: float, hints: Mapping[str, Any] | None = None) -> HttpError:
    """Tell that what ran took too long."""
    message = f"This took longer than {seconds:g} seconds, and was stopped."
    return HttpError(504, message, code=Code.TIMEOUT, hints=hints)


def signed_out() -> HttpError:
    """Refuse a token that is not good, as RFC 6750 says."""
    return HttpError(
        401,
        "The session has ended, or never was. Sign in again.",
        code=Code.UNAUTHENTICATED,
        headers={"WWW-Authenticate": CHALLENGE},
    )
