"""What the server adds to the least that a request can cost."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.table import Table

from bench.bare import ANSWER
from bench.clients import ask, ask_often, get, post
from bench.inkwell import Inkwell
from bench.servers import Cores, Server, running

ROUNDS = 11
CONNECTIONS = 8
TIMES = 50  # over each connection, in each round
BODY = json.dumps({"query": "{ __typename }"}).encode()
QUERY = "%7B__typename%7D"


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of request, and the CPU that it takes of each server, in microseconds."""

    kind: str
    ours: float
    bare: float


def measure(inkwell: Inkwell, folder: Path, *, cores: Cores) -> Table:
    """Ask both servers in turns, and print the medians of all rounds."""
    kinds = {
        "POST": post(BODY),
        "POST, signed in": post(BODY, inkwell.token),
        "GET": get(QUERY),
        "GET, signed in": get(QUERY, inkwell.token),
    }
    answer = folder / "answer"
    answer.write_bytes(answer_of(inkwell.server))
    with running(
        ["bench.bare"], {ANSWER: str(answer)}, cores=cores, log=folder / "bare.log"
    ) as bare:
        measured = [compare(kind, message, inkwell.server, bare) for kind, message in kinds.items()]
    return table_of(measured)


def answer_of(server: Server) -> bytes:
    """Write down what the server answers, but for what uvicorn adds to that."""
    answer = asyncio.run(ask(server.port, post(BODY)))
    headers = [each for each in answer.headers if each[0] != "date"]
    return json.dumps(headers).encode() + b"\n" + answer.body


def compare(kind: str, message: bytes, ours: Server, bare: Server) -> Measured:
    """Ask both servers the same in turns."""
    for server in (ours, bare):
        cpu_per_request(server, message)  # warms up
    rounds = [[cpu_per_request(each, message) for each in (ours, bare)] for _ in range(ROUNDS)]
    return Measured(kind, *(median(each) for each in zip(*rounds, strict=True)))


def cpu_per_request(server: Server, message: bytes) -> float:
    """Ask for one round, and return the microseconds of CPU that a request took."""
    before = server.cpu_seconds()
    asyncio.run(ask_often(server.port, message, connections=CONNECTIONS, times=TIMES))
    return (server.cpu_seconds() - before) / (CONNECTIONS * TIMES) * 1e6


def table_of(measured: list[Measured]) -> Table:
    """Lay the figures out."""
    title = (
        "{ __typename }: CPU per request, beside a bare app;\n"
        f"medians of {ROUNDS} rounds of {CONNECTIONS * TIMES:,} requests"
    )
    table = Table("request", "Inkwell, µs", "bare, µs", "ratio", title=title)
    for each in measured:
        table.add_row(
            each.kind, f"{each.ours:,.0f}", f"{each.bare:,.0f}", f"{each.ours / each.bare:.2f}"
        )
    return table
