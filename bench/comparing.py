"""Whether all servers answer the same, looked at before anything is measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence

import orjson

from bench.clients import Answer, ask, post
from bench.errors import BenchFailed
from bench.servers import Server
from bench.workloads import UNIQUE, Workload

PATIENCE_SECONDS = 5
SHOWN = 1_000  # bytes of an answer


def compare(
    workload: Workload, bodies: Sequence[bytes], servers: Mapping[str, Server], token: str
) -> None:
    """Ask all servers the same, one after the other; raises `BenchFailed` if answers differ."""
    for number, body in enumerate(bodies):
        answers = {}
        for place, (name, server) in enumerate(servers.items()):
            sent = body.replace(UNIQUE.encode(), b"9%06d%07d" % (place, number))
            answer = asyncio.run(ask(server.port, post(sent, token_for(workload, token))))
            check(workload, name, sent, answer, server)
            answers[name] = workload.comparable(answer.body)
        if len({*answers.values()}) > 1:
            raise BenchFailed(f"{workload.name}: the servers differ.\n" + shown(sent, answers))


def check(workload: Workload, name: str, sent: bytes, answer: Answer, server: Server) -> None:
    """Make sure that an answer is one; raises `BenchFailed`."""
    content = orjson.loads(answer.body) if answer.status == 200 else {}
    is_right = bool(content) and "errors" not in content and None not in content["data"].values()
    if not is_right:
        raise BenchFailed(
            f"{workload.name}: {name} fails with status {answer.status}.\n"
            f"{shown(sent, {name: answer.body})}\n{server.last_lines()}"
        )


def shown(sent: bytes, answers: Mapping[str, bytes]) -> str:
    """Show a request, and what came of it."""
    lines = [f"asked: {sent.decode()}"]
    return "\n".join(
        lines + [f"{name}: {answer[:SHOWN].decode()}" for name, answer in answers.items()]
    )


def token_for(workload: Workload, token: str) -> str | None:
    """Give a token to those who need one."""
    return token if workload.is_signed_in else None


def statements(workload: Workload, body: bytes, server: Server, number: int, token: str) -> int:
    """Tell how many statements a request takes, by the line of it in the server's log."""
    request_id = f"bench-{workload.name}"
    sent = body.replace(UNIQUE.encode(), b"8%013d" % number)
    message = post(sent, token_for(workload, token), request_id=request_id)
    asyncio.run(ask(server.port, message))
    return logged(server, request_id)


def logged(server: Server, request_id: str) -> int:
    """Find the line of a request in a server's log, and the number of statements there."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for line in server.log.read_bytes().splitlines():
            if f'"request_id":"{request_id}"'.encode() in line:
                count: int = orjson.loads(line)["statements"]
                return count
        time.sleep(0.01)
    raise BenchFailed(f"The log has no line of {request_id}.\n{server.last_lines()}")
