"""The requests that a page of the documentation shows, and their answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import domain
from persistence import Database
from server import demo

ROOT = Path(__file__).parents[2]
API = (ROOT / "docs" / "api.md").read_text()
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SENT = re.compile(r"--data '(.*)'", re.DOTALL)
MADE_ANEW = {"id", "token", "cursor", "expiresAt"}  # each time that a document is run


async def load_demo_data(database: Database, accounts: domain.Accounts) -> None:
    """Load the data that the requests are about, with users who can sign in."""
    await demo.seed(
        database,
        demo.Sizes(),
        lambda table, loaded, *, total: None,
        password_hash=await accounts.passwords.hash(demo.PASSWORD),
    )


@dataclass(slots=True)
class Example:
    """A request of a page, and the answer beneath it."""

    document: str
    variables: dict[str, Any]
    answer: dict[str, Any]


def documents(page: str) -> list[str]:
    """All documents of a page."""
    blocks = BLOCK.findall(page)
    sent = [SENT.search(text) for language, text in blocks if language == "console"]
    return [
        *(text for language, text in blocks if language == "graphql"),
        *(json.loads(found[1])["query"] for found in sent if found),
    ]


def examples(page: str) -> Iterator[Example]:
    """The requests that have an answer; one may repeat the last document with other variables."""
    document, variables = "", dict[str, Any]()
    for language, text in BLOCK.findall(page):
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
