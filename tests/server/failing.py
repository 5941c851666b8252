"""An app that can't start."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.applications import Starlette


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None]:
    """Fail before anything is served."""
    raise RuntimeError("There is something that it needs and can't have.")
    yield


def app() -> Starlette:
    return Starlette(lifespan=lifespan)
