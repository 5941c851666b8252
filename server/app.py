"""The composition root."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncGenerator, Awaitable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import domain
from persistence import Database, Readiness, migrations
from schema import schema
from server.authentication import Authentication
from server.explorer.endpoint import ExplorerEndpoint
from server.explorer.explaining import EXPLAIN, Explain
from server.explorer.pages import ASSETS, BUILT, Assets, BuiltPage, page_for
from server.explorer.statements import KeptStatements
from server.http.endpoint import GraphQLEndpoint
from server.http.guards import AllowedHosts, Cors, SecurityHeaders
from server.http.health import livez, readyz
from server.http.request_log import RequestLog
from server.http.tracing import TracingEndpoint
from server.metrics import METRICS, Metrics, Sources
from server.operations import Operations
from server.passwords import Argon2Passwords
from server.rate_limits import RateLimits
from server.settings import Settings, split
from server.spans import spans_from_environment

if TYPE_CHECKING:
    from server.spans.collecting import Spans
    from server.spans.requests import Recorder

GRAPHQL = "/graphql"
YOUNG_OBJECTS = 50_000  # more of them than there were at the last collection are the next one


class State(TypedDict):
    """What a request finds in `request.state`."""

    database: Database
    authentication: Authentication
    accounts: domain.Accounts
    readiness: Readiness
    recorder: Recorder | None
    draining: bool


@asynccontextmanager
async def opened(settings: Settings, spans: Spans | None = None) -> AsyncGenerator[State]:
    """Open what requests share, and close it in the end."""
    database_url = settings.database_url.get_secret_value()
    storage_url = settings.rate_limit_storage_url.get_secret_value()
    async with (
        Database.connect(
            database_url,
            settings.engine_options,
            replica_urls=settings.replica_urls,
            replica_lag=settings.replica_lag,
        ) as database,
        Authentication.over(database) as authentication,
        RateLimits.connect(settings.attempt_limits, storage_url) as limits,
        database.readiness(migrations.newest(), migrations.earlier()) as readiness,
        spans.opened(database) if spans is not None else nullcontext() as recorder,
    ):
        with Argon2Passwords() as passwords:
            accounts = domain.Accounts(
                passwords=passwords, limits=limits, session_lifetime=settings.session_lifetime
            )
            yield State(
                database=database,
                authentication=authentication,
                accounts=accounts,
                readiness=readiness,
                recorder=recorder,
                draining=False,
            )


@asynccontextmanager
async def measured(
    opening: AbstractAsyncContextManager[State], operations: Operations, metrics: Metrics
) -> AsyncGenerator[State]:
    """Measure what is opened."""
    async with opening as state:
        accounts = state["accounts"]
        sources = Sources(
            database=state["database"],
            readiness=state["readiness"],
            authentication=state["authentication"],
            passwords=cast("Argon2Passwords", accounts.passwords),  # as it was made
            lookups=operations.lookups,
        )
        async with metrics.measuring(sources):
            yield {**state, "accounts": metrics.counted(accounts)}


def create_app(
    settings: Settings, *, explorer: Path = BUILT, spans: Spans | None = None
) -> Starlette:
    """Wire the server; nothing is opened before the lifespan starts.

    The explorer is read where it was built, if it was. Requests are recorded as spans, if any.
    """
    operations = Operations(
        schema,
        settings.operation_limits,
        introspection=settings.tells_schema,
        plans=settings.execution_plans,
    )
    metrics = metrics_for(settings)
    page = page_for(settings, explorer)
    limits = settings.http_limits
    routes = [Route("/livez", livez), Route("/readyz", readyz)]
    if metrics and settings.metrics_port is None:
        routes.append(Route(METRICS, metrics.page))
    graphql: GraphQLEndpoint
    if settings.in_development:
        statements = KeptStatements()
        graphql = ExplorerEndpoint(operations, limits, page=page, statements=statements)
        routes.append(Route(EXPLAIN, Explain(statements, seconds=limits.seconds)))
    else:
        endpoint_class = GraphQLEndpoint if spans is None else TracingEndpoint
        graphql = endpoint_class(operations, limits, page=page)
    endpoint = graphql if spans is None else spans.around(graphql)
    routes.append(Route(GRAPHQL, endpoint))
    if page is not None:
        routes.append(Route("/", open_explorer))
        if isinstance(page, BuiltPage):
            routes.append(Route(f"/{ASSETS}/{{name}}", Assets(explorer / ASSETS).file))
    origins = split(settings.cors_origins)

    def lifespan(app: Starlette) -> AbstractAsyncContextManager[State]:
        opening = opened(settings, spans)
        return measured(opening, operations, metrics) if metrics else opening

    app = Starlette(routes=routes, lifespan=lifespan)
    app.router.redirect_slashes = False  # to an address that the client's Host header names
    served = with_shortcut(GRAPHQL, endpoint, SecurityHeaders(app.build_middleware_stack()))
    is_local = settings.in_development and not origins
    guarded = AllowedHosts(Cors(served, origins=origins, local=is_local), hosts=settings.hosts)
    app.middleware_stack = metrics.around(guarded) if metrics else RequestLog(guarded)
    return app


def metrics_for(settings: Settings) -> Metrics | None:
    """Make what measures requests and the server, if that is wanted."""
    if not settings.measures:
        return None
    return Metrics(
        max_names=settings.metrics_operations, host=settings.host, port=settings.metrics_port
    )


def with_shortcut(path: str, shortcut: ASGIApp, others: ASGIApp) -> ASGIApp:
    """Send requests for a path straight to an app, which has no need of what is around others.

    The router would match its routes to them, and let their exceptions and answers pass.
    """

    def route(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        is_short = scope["type"] == "http" and scope["path"] == path
        return (shortcut if is_short else others)(scope, receive, send)

    return route


def app_from_environment() -> Starlette:
    """Make the app as the environment says; every worker process calls it.

    What there is by then stays, and garbage collections leave it alone: they were a quarter of
    the time of small requests. Nor does a request leave any garbage that takes a collection, so
    that one in passing would look for it in vain, through all that large answers are made of.
    """
    logging.captureWarnings(capture=True)
    app = create_app(Settings(), spans=spans_from_environment())
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    return app


async def open_explorer(request: Request) -> RedirectResponse:
    """Lead whoever opens the bare address to what there is to see."""
    return RedirectResponse(GRAPHQL.removeprefix("/"))  # beside it, wherever a proxy has it
