"""The least that could answer: an ASGI app that sends the same bytes, whatever is asked.

Runs on uvicorn as the server does.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

ANSWER = "BARE_ANSWER"
"""The environment variable that names a file: the headers as JSON in a line, and the body."""


def app() -> ASGIApp:
    """Read the answer, and make the app that gives it."""
    head, _, body = Path(os.environ[ANSWER]).read_bytes().partition(b"\n")
    headers = [(name.encode(), value.encode()) for name, value in json.loads(head)]

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


if __name__ == "__main__":
    uvicorn.run(
        "bench.bare:app",
        factory=True,
        host=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=False,
    )
