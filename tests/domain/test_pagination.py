"""Pages, and the way from one to the next."""

from __future__ import annotations

from dataclasses import replace

import pytest

import domain
from tests.domain.entities import DRAFT, LATER, NOON

NEWEST_FIRST = domain.Order(domain.PostOrderField.CREATED_AT, descending=True)
REQUEST = domain.PageRequest(size=2, order=NEWEST_FIRST, filter=domain.PostFilter())
EARLY, LATE = domain.Cursor(LATER, 2), domain.Cursor(NOON, 1)


def posts(count: int) -> list[domain.Post]:
    return [replace(DRAFT, id=domain.PostId(n)) for n in range(count)]


@pytest.mark.parametrize(
    ("read", "kept", "more"),
    [
        pytest.param(0, 0, False, id="empty"),
        pytest.param(2, 2, False, id="full-and-last"),
        pytest.param(3, 2, True, id="one-more-follows"),
    ],
)
def test_a_page_is_cut_from_one_item_too_many(read: int, kept: int, *, more: bool) -> None:
    """The extra item is how a page knows that the list goes on, without a count."""
    page = domain.Page.cut(posts(read), REQUEST)

    assert REQUEST.limit == 3
    assert page == domain.Page(posts(kept), more)


def test_a_page_read_backward_is_turned_round() -> None:
    """A page shows its list's own order, from whichever end it was read."""
    first, second, third = posts(3)

    page = domain.Page.cut([third, second, first], replace(REQUEST, backward=True))

    assert page == domain.Page([second, third], more=True)


@pytest.mark.parametrize("field", domain.PostOrderField)
def test_a_cursor_is_an_items_place_in_an_order(field: domain.PostOrderField) -> None:
    """The value that the list is ordered by, even if it is none, and the key."""
    cursor = domain.Order(field, descending=False).cursor(DRAFT)

    assert cursor == domain.Cursor(getattr(DRAFT, field.value), DRAFT.id)
    assert isinstance(cursor.value, field.types)


@pytest.mark.parametrize("next", [True, False], ids=["next", "previous"])
def test_nothing_lies_beyond_a_side_without_a_bound(*, next: bool) -> None:
    """No question needs to be asked there."""
    assert REQUEST.beyond(next=next) is None


def test_beyond_the_bounds_lie_other_empty_pages() -> None:
    """They start at a bound, include it and lead away from this page."""
    request = replace(REQUEST, after=EARLY, before=LATE)

    assert request.beyond(next=True) == replace(
        REQUEST, size=0, after=LATE, backward=False, inclusive=True
    )
    assert request.beyond(next=False) == replace(
        REQUEST, size=0, before=EARLY, backward=True, inclusive=True
    )


@pytest.mark.parametrize("backward", [True, False])
def test_the_way_a_page_was_read_does_not_matter_beyond_it(*, backward: bool) -> None:
    """Equal questions are asked once, for pages read forward and backward alike."""
    request = replace(REQUEST, after=EARLY, before=LATE)

    turned = replace(request, size=7, backward=backward)

    assert turned.beyond(next=True) == request.beyond(next=True)
    assert turned.beyond(next=False) == request.beyond(next=False)


def test_an_offset_leaves_items_before_the_page() -> None:
    """If the list has any, they come before; nothing of the sort is known of the other side."""
    request = replace(REQUEST, offset=5)

    assert request.beyond(next=True) is None
    assert request.beyond(next=False) == replace(REQUEST, size=0, backward=True, inclusive=True)
