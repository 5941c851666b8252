"""Who may ask at all, and what browsers are told: hosts, origins and headers."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.errors import Code
from server.http.request_log import PROBES, note
from server.http.requests import COST_HEADER, HttpError
from server.http.responses import refusal

ANY = "*"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
LOCAL_ORIGINS = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?"
ASKED_WITH = ("Authorization", "Content-Type", COST_HEADER, "X-Request-ID")
ANSWERED_WITH = ("Retry-After", "WWW-Authenticate", "X-Request-ID")
SECURITY_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)


class SecurityHeaders:
    """Tells browsers to keep nothing, frame nothing, load nothing and guess nothing.

    An app that needs something of it says so by a header of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ())]
                given = {name for name, _ in headers}
                headers += [each for each in SECURITY_HEADERS if each[0] not in given]
                message["headers"] = headers
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        host = host_of(Headers(scope=scope).getlist("host"))
        if host in self._names or host.endswith(self._endings):
            await self._app(scope, receive, send)
        else:
            error = HttpError(400, "This server has other names: ALLOWED_HOSTS lists them.")
            await refusal(error).send(send)


def host_of(headers: Sequence[str]) -> str:
    """Read the name in a request's `Host` header, in small letters; empty if there is not one."""
    if len(headers) != 1:
        return ""
    name, colon, port = headers[0].lower().rpartition(":")
    is_with_port = (
        colon and (port.isdecimal() or not port) and (name.endswith("]") or ":" not in name)
    )
    return (name if is_with_port else headers[0].lower()).removesuffix(".")


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

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answer whether a page may ask, with headers alone."""
        response = super().preflight_response(request_headers)
        headers = {
            name: value
            for name, value in response.headers.items()
            if not name.startswith("content-")
        }
        if response.status_code < HTTPStatus.BAD_REQUEST:
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        note(error_codes=[Code.BAD_USER_INPUT])
        answer = refusal(
            HttpError(
                403, "Pages of this origin may not ask so: CORS_ORIGINS lists those that may."
            )
        )
        return Response(answer.body, answer.status, headers, answer.media_type)
