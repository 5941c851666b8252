"""Who may ask at all, and what browsers are told: hosts, origins and headers."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from functools import lru_cache
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.errors import Code
from server.http.headers import headers_of, with_common
from server.http.request_log import PROBES, note
from server.http.requests import COST_HEADER, TRACE_HEADER, HttpError
from server.http.responses import refusal

ANY = "*"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
LOCAL_ORIGINS = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?"
ASKED_WITH = (
    "Authorization",
    "Content-Type",
    COST_HEADER,
    TRACE_HEADER,
    "Traceparent",
    "Tracestate",
    "X-Request-ID",
)
ANSWERED_WITH = ("Retry-After", "Server-Timing", "WWW-Authenticate", "X-Request-ID")
KNOWN_HOSTS = 100  # headers that are remembered, since most requests have the same


class SecurityHeaders:
    """Tells browsers what `headers.ANSWERED` has, in the name of apps that do not.

    An app that needs something of it says so by a header of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = with_common([*message.get("headers", ())])
            await send(message)

        await self._app(scope, receive, send_with_headers)


class AllowedHosts:
    """Refuses requests to hosts of other names, as of a page whose name was bound anew to ours.

    `*.example.com` stands for what is below it, and `*` for every host. Probes come by address,
    and are told nothing that is secret.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app = app
        self._names = {host for host in hosts if not host.startswith(ANY)}
        self._endings = tuple(host[1:] for host in hosts if host.startswith(ANY))
        self._is_allowed = lru_cache(KNOWN_HOSTS)(self._look_up)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        is_any_host = scope["type"] != "http" or scope["path"] in PROBES
        if is_any_host or self._is_allowed(headers_of(scope).get(b"host", b"")):
            return self._app(scope, receive, send)
        error = HttpError(400, "This server has other names: ALLOWED_HOSTS lists them.")
        return refusal(error).send(send)

    def _look_up(self, header: bytes) -> bool:
        host = host_of(header.decode("latin-1").lower())
        return host in self._names or host.endswith(self._endings)


def host_of(header: str) -> str:
    """Read the name in a request's `Host` header, given in small letters; empty if it has more."""
    if "," in header:
        return ""
    name, colon, port = header.rpartition(":")
    is_with_port = (
        colon and (port.isdecimal() or not port) and (name.endswith("]") or ":" not in name)
    )
    return (name if is_with_port else header).removesuffix(".")


class Cors(CORSMiddleware):
    """Lets pages of some origins ask, with tokens of their own: cookies are never read."""

    def __init__(self, app: ASGIApp, *, origins: Sequence[str], local: bool) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_origin_regex=LOCAL_ORIGINS if local else None,
            allow_methods=("GET", "POST"),
            allow_headers=ASKED_WITH,
            expose_headers=ANSWERED_WITH,
        )

    def __call__(  # type: ignore[override] # is an ASGI app all the same
        self, scope: Scope, receive: Receive, send: Send
    ) -> Awaitable[None]:
        """Look at requests that tell of a page: programs send none."""
        is_of_page = scope["type"] == "http" and b"origin" in headers_of(scope)
        return (super().__call__ if is_of_page else self.app)(scope, receive, send)

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:
        """Let a page read an answer, which says for itself that it varies by `Origin`."""
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ())]
            headers, origin = MutableHeaders(scope=message), request_headers["origin"]
            headers.update(self.simple_headers)
            if not self.allow_all_origins and self.is_allowed_origin(origin):
                headers["Access-Control-Allow-Origin"] = origin
        await send(message)

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answer whether a page may ask, with headers alone."""
        response = super().preflight_response(request_headers)
        headers = {
            name: value
            for name, value in response.headers.items()
            if not name.startswith("content-")
        }
        if response.status_code < HTTPStatus.BAD_REQUEST:
            response = Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        else:
            note(error_codes=[Code.BAD_USER_INPUT])
            answer = refusal(
                HttpError(
                    403, "Pages of this origin may not ask so: CORS_ORIGINS lists those that may."
                )
            )
            media_type = f"{answer.media_type}; charset=utf-8"
            response = Response(answer.body, answer.status, headers, media_type)
        response.raw_headers = with_common(response.raw_headers)
        return response
