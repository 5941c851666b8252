"""What the worst requests cost the server, each of them as a first of its kind."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.table import Table

from bench.clients import Answer, ask, post
from bench.inkwell import Inkwell
from bench.servers import Server
from tests.server.operations.documents import TOO_LARGE, TOO_LONG

TIMES = 7
GOAL_MS = 50
IDS = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
POSTS = "{{ posts(first: 1) {{ nodes {{ {} }} }} }}"

ALLOWED: Mapping[str, str] = {
    "990 duplicates of a connection": POSTS.format("author { posts { totalCount } } " * 490),
    "1,990 duplicates of a field": POSTS.format("id " * 1_990),
    "98,000 characters of escapes": r'{ tag(name: "' + r"\n" * 49_000 + '") { id } }',
    "99,000 digits": "{ posts(first: " + "1" * 99_000 + ") { totalCount } }",
    "99,000 spaces": " " * 99_000 + "{ __typename }",
    "99,000 commas": "," * 99_000 + "{ __typename }",
    "1,000 ids": "{ nodes(ids: [" + '"UG9zdDox" ' * 1_000 + "]) { id } }",
    "1,200 mistakes in a literal": "{ posts(filter: {"
    + " ".join(f"k{n}: 1" for n in range(1_200))
    + "}) { totalCount } }",
    "1,200 unknown arguments": "{ posts("
    + " ".join(f"k{n}: 1" for n in range(1_200))
    + ") { totalCount } }",
    "99 fragments in a chain, with lists": POSTS.format("...F0")
    + "".join(
        f" fragment F{n} on Post {{ comments(first: 0) {{ nodes {{ id }} }} ...F{n + 1} }}"
        for n in range(99)
    )
    + " fragment F99 on Post { id }",
    "190 inline fragments, with lists": POSTS.format(
        "... { comments(first: 0) { nodes { id } } " * 190 + "}" * 190
    ),
}
"""Documents within the limits, or wrong in a way that only validation finds."""

VARIABLES: Mapping[str, Any] = {
    "5,000 copies of an id": ["UG9zdDox"] * 5_000,
    "500,000 elements in a list": [0] * 500_000,
    "1,000 lists of 500": [[0] * 500] * 1_000,
    "100,000 keys": {f"{n:x}": 0 for n in range(100_000)},
}
BODIES: Mapping[str, bytes] = {
    "variables nested 1,000 deep": json.dumps({"query": IDS, "variables": {"ids": "…"}})
    .replace('"\\u2026"', "[" * 1_000 + "]" * 1_000)
    .encode(),
    "JSON nested 500,000 deep": b"[" * 500_000 + b"]" * 500_000,
    "a megabyte that is no JSON": b"\xff" * 1_000_000,
    "a body of 2 MiB": b" " * 2**21,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One input, and what became of it."""

    name: str
    size: int
    answer: Answer
    wall_ms: float
    cpu_ms: float

    @property
    def outcome(self) -> str:
        """The first error's code, or that there is none."""
        errors = json.loads(self.answer.body).get("errors")
        return errors[0]["extensions"]["code"] if errors else "answered"


def measure(inkwell: Inkwell) -> Table:
    """Send each input some times, and print the medians."""
    asyncio.run(ask(inkwell.server.port, document("{ __typename }", 0)))
    title = f"Hostile requests: medians of {TIMES}; over {GOAL_MS} ms of CPU is marked !"
    table = Table("input", "bytes", "status", "outcome", "wall, ms", "CPU, ms", title=title)
    for each in asyncio.run(measure_all(inkwell.server)):
        mark = "!" if each.cpu_ms > GOAL_MS else " "
        table.add_row(
            each.name,
            f"{each.size:,}",
            str(each.answer.status),
            each.outcome,
            f"{each.wall_ms:,.1f}",
            f"{each.cpu_ms:,.1f}{mark}",
        )
    return table


async def measure_all(server: Server) -> list[Measured]:
    """Measure one input after the other."""
    measured = []
    documents = [
        *ALLOWED.items(),
        *((f"too large: {name}", text) for name, text in TOO_LARGE.items()),
        *((f"too long: {name}", text) for name, text in TOO_LONG.items()),
    ]
    for name, text in documents:
        messages = [document(text, n) for n in range(TIMES)]
        measured.append(await measure_one(server, name, messages))
    for name, value in VARIABLES.items():
        body = json.dumps({"query": IDS, "variables": {"ids": value}}, separators=(",", ":"))
        measured.append(
            await measure_one(server, f"variable: {name}", [post(body.encode())] * TIMES)
        )
    for name, raw in BODIES.items():
        measured.append(await measure_one(server, name, [post(raw)] * TIMES))
    return measured


def document(text: str, n: int) -> bytes:
    """Ask for a document in a way that the server has not kept."""
    return post(json.dumps({"query": f"{text} #{n}"}).encode())


async def measure_one(server: Server, name: str, messages: list[bytes]) -> Measured:
    """Send some requests of a kind, one after the other."""
    answers, wall, cpu = [], [], []
    for message in messages:
        cpu_before, began = server.cpu_seconds(), time.perf_counter()
        answers.append(await ask(server.port, message))
        wall.append(1_000 * (time.perf_counter() - began))
        cpu.append(1_000 * (server.cpu_seconds() - cpu_before))
    return Measured(name, len(messages[0]), answers[0], median(wall), median(cpu))
