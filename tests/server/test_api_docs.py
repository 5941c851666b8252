"""What the page on the API shows is what one gets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate
from httpx2 import AsyncClient

from schema import schema

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text()
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SENT = re.compile(r"--data '(.*)'", re.DOTALL)
MADE_ANEW = {"id", "token", "cursor", "expiresAt"}  # each time that a document is run


@dataclass(slots=True)
class Example:
    """A request of the page, and the answer beneath it."""

    document: str
    variables: dict[str, Any]
    answer: dict[str, Any]


def documents() -> list[str]:
    """All documents of the page, and of the README."""
    blocks = [*BLOCK.findall(PAGE), *BLOCK.findall(README)]
    sent = [SENT.search(text) for language, text in blocks if language == "console"]
    return [
        *(text for language, text in blocks if language == "graphql"),
        *(json.loads(found[1])["query"] for found in sent if found),
    ]


def examples() -> Iterator[Example]:
    """The requests that have an answer; one may repeat the last document with other variables."""
    document, variables = "", dict[str, Any]()
    for language, text in BLOCK.findall(PAGE):
        if language == "graphql":
            document, variables = text, {}
        elif language == "console" and (found := SENT.search(text)):
            request = json.loads(found[1])
            document, variables = request["query"], request.get("variables", {})
        elif language == "json":
            shown = json.loads(text)
            if "data" in shown:
                yield Example(document, variables, shown)
            elif "extensions" not in shown:  # which is an error by itself
                variables = shown


def match(shown: Any, found: Any, renamed: dict[str, str], key: str = "") -> None:
    """Compare an answer with the page's, but for what is made anew: note what that became."""
    if key in MADE_ANEW:
        renamed[shown] = found
    elif isinstance(shown, dict):
        assert shown.keys() == found.keys()
        for name in shown:
            match(shown[name], found[name], renamed, name)
    elif isinstance(shown, list):
        assert len(shown) == len(found)
        for one, other in zip(shown, found, strict=True):
            match(one, other, renamed)
    else:
        assert shown == found


@pytest.mark.parametrize("document", documents())
def test_a_document_of_the_page_fits_the_schema(document: str) -> None:
    """Those that it shows no answer of, too."""
    assert validate(schema._schema, parse(document)) == []  # noqa: SLF001 (Strawberry offers no other way)


async def test_the_requests_of_the_page_have_the_answers_of_the_page(client: AsyncClient) -> None:
    """One after the other, on every database, with the last token that was given."""
    renamed: dict[str, str] = {}
    token = ""

    for example in examples():
        variables = json.dumps(example.variables)
        for shown, found in renamed.items():
            variables = variables.replace(shown, found)
        response = await client.post(
            "/graphql",
            json={"query": example.document, "variables": json.loads(variables)},
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )
        match(example.answer, response.json(), renamed)
        token = "" if "signOut" in example.document else token_in(response.json()) or token

    assert len(renamed) > 4


def token_in(answer: dict[str, Any]) -> str | None:
    """The token in an answer, if there is one."""
    found = re.search(r'"token": "([^"]+)"', json.dumps(answer))
    return found and found[1]
