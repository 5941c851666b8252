"""Asking for traces, and what they tell."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from httpx2 import AsyncClient, Response

import domain
from server.explorer.explaining import EXPLAIN
from server.http.requests import COST_HEADER, TRACE_HEADER
from tests.factories import Given

TRACED = {TRACE_HEADER: "1", COST_HEADER: "1"}


async def traced(
    client: AsyncClient, document: str, *, token: str | None = None, **variables: Any
) -> dict[str, Any]:
    """Run an operation that goes well, and return its answer."""
    body = {"query": document, "variables": variables}
    response = await client.post("/graphql", json=body, headers=TRACED | shown(token))
    answer: dict[str, Any] = response.json()
    assert "errors" not in answer, answer
    return answer


async def explained(client: AsyncClient, handle: Any, *, token: str | None = None) -> Response:
    return await client.post(EXPLAIN, json={"statement": handle}, headers=shown(token))


def statements_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = answer["extensions"]["trace"]["statements"]
    return statements


def fields_of(statement: dict[str, Any]) -> dict[str, int]:
    """For which fields a statement is, and how many parents of each."""
    return {each["path"]: each["parents"] for each in statement["fields"]}


def shown(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


async def a_token(given: Given, *, of: domain.User) -> str:
    """The token of a session that has just begun."""
    token = domain.new_token()
    await given.a_session(of=of, token=token, at=datetime.now(UTC))
    return token
