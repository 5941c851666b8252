"""The composition root."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TypedDict

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

import domain
from persistence import Database, Readiness, migrations
from schema import schema
from server.authentication import Authentication
from server.graphql import GraphQLEndpoint
from server.http.health import livez, readyz
from server.passwords import Argon2Passwords
from server.rate_limits import RateLimits
from server.settings import Environment, Settings


class State(TypedDict):
    """What a request finds in `request.state`."""

    database: Database
    authentication: Authentication
    accounts: domain.Accounts
    readiness: Readiness
    draining: bool


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[State]:
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
        RateLimits.connect(settings.limits, storage_url) as limits,
        database.readiness(migrations.newest()) as readiness,
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
                draining=False,
            )


def create_app(settings: Settings) -> Starlette:
    """Wire the server; nothing is opened before the lifespan starts."""
    in_development = settings.environment is Environment.DEVELOPMENT
    graphql = GraphQLEndpoint(
        schema,
        graphql_ide="graphiql" if in_development else None,
        allow_queries_via_get=False,
        subscription_protocols=(),
    )
    routes = [Route("/graphql", graphql), Route("/livez", livez), Route("/readyz", readyz)]
    if in_development:
        routes.append(Route("/", open_graphiql))
    return Starlette(routes=routes, lifespan=lambda app: opened(settings))


def app_from_environment() -> Starlette:
    """Make the app as the environment says; every worker process calls it."""
    return create_app(Settings())


async def open_graphiql(request: Request) -> RedirectResponse:
    """Lead whoever opens the bare address to what there is to see."""
    return RedirectResponse("/graphql")
