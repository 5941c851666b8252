"""What the page on the API shows is what one gets."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from graphql import parse, validate
from httpx2 import AsyncClient

from schema import schema
from tests.server.examples import API, README, documents, examples, match


@pytest.mark.parametrize("document", [*documents(API), *documents(README)])
def test_a_document_of_a_page_fits_the_schema(document: str) -> None:
    """Those that it shows no answer of, too."""
    assert validate(schema._schema, parse(document)) == []  # noqa: SLF001 (Strawberry offers no other way)


async def test_the_requests_of_the_page_have_the_answers_of_the_page(client: AsyncClient) -> None:
    """One after the other, on every database, with the last token that was given."""
    renamed: dict[str, str] = {}
    token = ""

    for example in examples(API):
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
