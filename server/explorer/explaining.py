"""How the database runs a statement, told to whoever had it sent."""

from __future__ import annotations

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from persistence import Database, Sent
from server.authentication import Authentication, InvalidToken, token_of
from server.explorer.pages import ASSETS
from server.explorer.statements import KeptStatements
from server.http.endpoint import failure, signed_out
from server.http.headers import headers_of
from server.http.media_types import JSON
from server.http.requests import HttpError, check_body_headers, parse_body, read_body, typed
from server.http.responses import Answer, dumped, refusal

EXPLAIN = f"/{ASSETS}/explain"
MAX_BODY_BYTES = 1_000
GONE = "This statement is not kept any more, or was not yours: run the operation again."


class Explain:
    """Explains statements that were traced, as an ASGI app.

    It takes `{"statement": …}` with a handle of a trace, and answers `{"plan": …}`. The statement
    runs once more for that, with the parameters that it had.
    """

    def __init__(self, statements: KeptStatements) -> None:
        self._statements = statements

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except ClientDisconnect:
            return
        except HttpError as error:
            answer = refusal(error)
        except InvalidToken:
            answer = refusal(signed_out())
        except Exception as error:  # noqa: BLE001 (is told or masked, as in a field)
            answer = failure(error)
        await answer.send(send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            raise HttpError(405, "Send a POST.", headers={"Allow": "POST"})
        headers = headers_of(scope)
        check_body_headers(headers, MAX_BODY_BYTES)
        parameters = parse_body(await read_body(receive, MAX_BODY_BYTES))
        handle = typed(parameters, "statement", str, "a string")
        authorization = headers.get(b"authorization")
        sent = self._statements.find(handle or "", authorization)
        if sent is None:
            raise HttpError(404, GONE)
        return Answer(200, dumped({"plan": await explained(sent, scope)}), JSON)


async def explained(sent: Sent, scope: Scope) -> str:
    """Have the database explain a statement; raises `InvalidToken` if its session has ended."""
    database: Database = scope["state"]["database"]
    authentication: Authentication = scope["state"]["authentication"]
    token = token_of(headers_of(scope).get(b"authorization"))
    async with database.unit_of_work() as work:
        if token is not None:
            await authentication.viewer(token, work)
        return await work.explain(sent)
