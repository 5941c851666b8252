"""How the database runs a statement, told to whoever had it sent."""

from __future__ import annotations

from collections.abc import Awaitable
from operator import methodcaller

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from persistence import Sent
from server.authentication import token_of
from server.explorer.pages import ASSETS
from server.explorer.statements import KeptStatements
from server.http.endpoint import as_viewer, failure, send_answer, stopped
from server.http.headers import headers_of
from server.http.media_types import JSON
from server.http.requests import HttpError, check_body_headers, parse_json, read_body
from server.http.responses import Answer, dumped, refusal
from server.http.watches import OutOfTime, Watch

EXPLAIN = f"/{ASSETS}/explain"
MAX_BODY_BYTES = 1_000
GONE = "This statement is not kept any more, or was not yours: run the operation again."


class Explain:
    """Explains statements that were traced, as an ASGI app.

    It takes `{"statement": …}` with a handle of a trace, and answers `{"plan": …}`. The statement
    runs once more for that, with the parameters that it had, as long as an operation may.
    """

    def __init__(self, statements: KeptStatements, *, seconds: float) -> None:
        self._statements = statements
        self._seconds = seconds

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return send_answer(self._answer(scope, receive), send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        """Answer a request; raises `ClientDisconnect` if there is nobody any more."""
        try:
            with Watch(self._seconds) as watch:
                sent = await watch.over(self._asked(scope, receive))
                watch.listen(scope, receive)
                watch.begin_anew()
                plan = await watch.over(as_viewer(scope, methodcaller("explain", sent)))
            return Answer(200, dumped({"plan": plan}), JSON)
        except ClientDisconnect:
            raise
        except OutOfTime:
            return refusal(stopped(self._seconds))
        except Exception as error:  # noqa: BLE001 (is told or masked, as in a field)
            return failure(error)

    async def _asked(self, scope: Scope, receive: Receive) -> Sent:
        """Find the statement that is asked about; raises `HttpError`, or `InvalidToken`."""
        if scope["method"] != "POST":
            raise HttpError(405, "Send a POST.", headers={"Allow": "POST"})
        headers = headers_of(scope)
        check_body_headers(headers, MAX_BODY_BYTES)
        body = parse_json(await read_body(receive, MAX_BODY_BYTES), "The body")
        handle = body.get("statement") if isinstance(body, dict) else None
        if not isinstance(handle, str):
            raise HttpError(400, "The body should be an object with `statement`, a trace's handle.")
        sent = self._statements.find(handle, token_of(headers.get(b"authorization")))
        if sent is None:
            raise HttpError(404, GONE)
        return sent
