"""GraphQL of every kind: nothing that can be asked makes the server fail, tell or stop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import documents
from tests.fuzz.client import operation
from tests.fuzz.conftest import Explore
from tests.fuzz.lifting import lifted
from tests.fuzz.rounds import ROUND
from tests.fuzz.target import Target

pytestmark = pytest.mark.fuzz

WHO = st.sampled_from([None, "member", "moderator", "admin"])


def test_operations_of_the_schema_do_no_harm(target: Target, explored: Explore) -> None:
    """Queries and mutations with arguments that fit, or nearly do, by whoever it may be."""

    @ROUND
    @given(documents.generated(), WHO)
    def claim(document: str, who: str | None) -> None:
        target.ask(operation(document, token=target.tokens.get(who or "")))

    explored(claim)


def test_variables_of_any_kind_do_no_harm(target: Target, explored: Explore) -> None:
    """In the place of any argument, of its type or one that admits null, and of any value."""

    @ROUND
    @given(lifted(documents.generated()), WHO)
    def claim(asked: tuple[str, dict[str, object]], who: str | None) -> None:
        target.ask(operation(*asked, token=target.tokens.get(who or "")))

    explored(claim)


def test_documents_of_any_kind_do_no_harm(target: Target, explored: Explore) -> None:
    """Nonsense, nests and spoilt documents, with variables and names that need not fit."""
    names = st.none() | st.sampled_from(["A", "B", "C", "D", "", "A" * 600]) | st.text()

    @ROUND
    @given(documents.any_document(), documents.variables(), names, WHO)
    def claim(document: str, values: dict[str, object], name: str | None, who: str | None) -> None:
        token = target.tokens.get(who or "")
        target.ask(operation(document, values, token=token, operationName=name))

    explored(claim)


def test_production_never_tells_the_schema(target: Target, explored: Explore) -> None:
    """However it is asked for it; development tells."""

    @ROUND
    @given(documents.introspecting())
    def claim(document: str) -> None:
        content = target.ask(operation(document))
        if target.in_production:
            assert "data" not in content, document
        else:
            assert "errors" not in content, document

    explored(claim)
