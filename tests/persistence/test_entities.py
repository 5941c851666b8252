"""Entities that were made of rows, beside those that were made by their constructors."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

import domain
from persistence.entities import maker, tuple_maker
from tests.domain.entities import ADA, COMMENT, DRAFT, NOON

TAG = domain.Tag(id=domain.TagId(4), name="tag", created_at=NOON)
ENTITIES = [ADA, DRAFT, COMMENT, TAG]


def made(entity: Any, *without: str) -> Any:
    """Make an entity of the values of another, as a row brings them, and one value more."""
    names = [each.name for each in fields(entity) if each.name not in without]
    row = [*(getattr(entity, name) for name in names), "more"]
    return maker(type(entity), names, [None] * len(row))(row)


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: type(entity).__name__)
def test_an_entity_of_a_row_is_like_any_other(entity: Any) -> None:
    """Whoever has it can't tell how it came about: they compare, keep and copy it."""
    found = made(entity)

    assert type(found) is type(entity)
    assert found == entity and hash(found) == hash(entity) and repr(found) == repr(entity)
    assert pickle.loads(pickle.dumps(found)) == entity  # noqa: S301 (our own)
    assert replace(found, created_at=NOON) == replace(entity, created_at=NOON)
    assert {found: 1}[entity] == 1


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: type(entity).__name__)
def test_an_entity_of_a_row_can_not_be_changed(entity: Any) -> None:
    """Loaders hand the same one to many fields."""
    found = made(entity)

    with pytest.raises(FrozenInstanceError):
        found.id = 5
    with pytest.raises(FrozenInstanceError):
        del found.created_at
    assert found == entity


def test_what_was_not_read_can_not_be_taken_for_empty() -> None:
    """A text that nobody asked for is no attribute at all, so that to forget it is an error."""
    found = made(DRAFT, "body")

    assert found.title == DRAFT.title
    with pytest.raises(AttributeError, match="body"):
        found.body  # noqa: B018 (raises)


def test_values_are_processed_in_their_places() -> None:
    """As the types of their columns say, among those that are right as they come."""
    processes = [int, None, None, str.upper]

    tag = maker(domain.Tag, ["id", "name", "created_at"], processes)(["4", "tag", NOON, "more"])
    row = tuple_maker(processes)(["4", "tag", NOON, "more"])

    assert tag == TAG
    assert row == (4, "tag", NOON, "MORE")
