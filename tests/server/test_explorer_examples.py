"""What the explorer starts with runs as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse
from httpx2 import AsyncClient

import domain
from persistence import Database
from tests.server.examples import ROOT, load_demo_data

FOLDER = ROOT / "explorer" / "src" / "examples"
MEANT_TO_FAIL = [
    ("BadPost", "InvalidInput"),
    ("NoSuchPost", "NotFound"),
    ("TooMuch", "QUERY_TOO_COMPLEX"),
]


@pytest.mark.backends("sqlite")  # whose keys count from 1, as in a fresh database
async def test_the_examples_run_as_they_are(
    database: Database, accounts: domain.Accounts, client: AsyncClient
) -> None:
    """On the demo data, tab by tab, signed in from where an example signs in."""
    await load_demo_data(database, accounts)
    failed: list[tuple[str, str]] = []

    for request in requests():
        answer = (await client.post("/graphql", json=request)).json()
        name = request["operationName"]
        found = list(failures(answer))
        failed += [(name, failure) for failure in found]
        if name == "SignIn" and not found:
            client.headers["Authorization"] = f"Bearer {answer['data']['signIn']['token']}"

    assert failed == MEANT_TO_FAIL


def test_variables_belong_to_an_example() -> None:
    """Or nobody would see them."""
    documents = {path.stem for path in FOLDER.glob("*.graphql")}

    variables = {path.stem for path in FOLDER.glob("*.json")}

    assert variables <= documents


def requests() -> Iterator[dict[str, Any]]:
    """Every operation of the examples, in the order of the tabs."""
    for path in sorted(FOLDER.glob("*.graphql")):
        document, variables = path.read_text(), variables_of(path)
        for node in parse(document).definitions:
            if isinstance(node, OperationDefinitionNode) and node.name:
                yield {
                    "query": document,
                    "variables": variables,
                    "operationName": node.name.value,
                }


def variables_of(document: Path) -> dict[str, Any] | None:
    path = document.with_suffix(".json")
    return json.loads(path.read_text()) if path.exists() else None


def failures(answer: dict[str, Any]) -> Iterator[str]:
    """What an answer has in place of what was asked for, or that it found nothing."""
    for error in answer.get("errors", []):
        yield error["extensions"]["code"]
    for outcome in (answer.get("data") or {}).values():
        if outcome is None:
            yield "null"
        elif outcome == [] or (isinstance(outcome, dict) and outcome.get("nodes") == []):
            yield "empty"
        elif "message" in outcome:
            yield outcome.get("__typename", "Error")
