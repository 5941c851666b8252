"""What a load balancer and an orchestrator ask: whether to send requests here, and to restart."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from persistence import Readiness


async def livez(request: Request) -> JSONResponse:
    """Answer that the process is up; says nothing of the database, which no restart mends."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> JSONResponse:
    """Answer within a second whether requests are to be sent here, and with 503 why not."""
    if request.state.draining:
        return unavailable("draining")
    readiness: Readiness = request.state.readiness
    objection = await readiness.objection()
    return await livez(request) if objection is None else unavailable(objection.value)


def unavailable(reason: str) -> JSONResponse:
    """Answer that requests had better go elsewhere."""
    return JSONResponse({"status": "unavailable", "reason": reason}, status_code=503)
