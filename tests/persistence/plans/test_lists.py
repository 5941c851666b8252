"""What a page reads is what it shows, wherever in a long list it stands."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

import domain
from persistence import Database
from tests.databases import Backend
from tests.persistence.plans.cases import Case, cases
from tests.persistence.plans.library import MEMBER, MODERATOR, Library
from tests.persistence.plans.meters import Reading, measure, sent_by

SIZE = 20
NAMES = [str(case) for case in cases(Library(posts=0))]
SLACK = 6  # what tells that a range is at its end, of up to five; and equals at a cursor
STEPS_PER_ROW = 200  # of SQLite, where a row is some thirty steps, and a member's list three ranges


async def windows(
    work: domain.UnitOfWork, case: Case
) -> AsyncGenerator[tuple[str, domain.PageRequest[Any]]]:
    """The first page, the last, and those before and after the middle."""
    repository = getattr(work, case.kind)
    first = domain.PageRequest(size=SIZE, order=case.order, filter=case.filter)
    yield "start", first
    yield "end, backward", replace(first, backward=True)
    count = await repository.count(case.filter)
    if count > 3 * SIZE:
        middle = await cursor_at(repository, first, count // 2)
        yield "middle", replace(first, after=middle)
        yield "middle, backward", replace(first, before=middle, backward=True)
        yield "end", replace(first, after=await cursor_at(repository, first, count - SIZE - 2))


async def cursor_at(
    repository: Any, request: domain.PageRequest[Any], position: int
) -> domain.Cursor:
    (item,) = (await repository.page(replace(request, size=1, offset=position))).items
    return request.order.cursor(item)


async def readings(
    database: Database, case: Case, viewer: domain.Viewer, *, is_small: bool
) -> dict[str, Reading]:
    """What the pages of a list read, by where they stand in it."""
    found = {}
    async with database.unit_of_work(viewer) as work:
        async for place, request in windows(work, case):
            async with sent_by(database) as sent:
                await getattr(work, case.kind).page(request)
            (statement,) = sent
            found[place] = await measure(database, statement, is_small=is_small)
    return found


@pytest.mark.parametrize("viewer", [None, MEMBER], ids=["public", "member"])
@pytest.mark.parametrize("name", NAMES)
async def test_a_page_reads_what_it_shows(
    stocked: Database,
    backend: Backend,
    library: Library,
    figures: list[str],
    viewer: domain.Viewer,
    name: str,
) -> None:
    """Three times as much at most: a member's list is the union of three, and a tag's has links."""
    (case,) = (case for case in cases(library) if str(case) == name)

    found = await readings(stocked, case, viewer, is_small=library.is_small)

    who = "public" if viewer is None else "member"
    shown = ", ".join(f"{place} {each.read}/{each.returned}" for place, each in found.items())
    figures.append(f"{backend.id} | {library.posts} | {name} | {who} | {shown}")
    for place, each in found.items():
        most = (STEPS_PER_ROW if backend.id == "sqlite" else 3) * each.returned
        least = 1_000 if backend.id == "sqlite" else SLACK
        assert each.read <= most + least, (place, each.read, each.returned, each.plan)


@pytest.mark.parametrize("name", NAMES)
async def test_a_list_names_its_index(
    stocked: Database, backend: Backend, library: Library, name: str
) -> None:
    """The one that is told to be its own, and no table is read without one."""
    (case,) = (case for case in cases(library) if str(case) == name)
    viewer = MODERATOR if "DRAFT" in name or "ARCHIVED" in name else None

    found = await readings(stocked, case, viewer, is_small=library.is_small)

    index = case.index
    if backend.id == "sqlite" and index.startswith("uq_"):
        index = "sqlite_autoindex"
    for place, each in found.items():
        assert index in each.plan, (place, each.plan)
        assert not reads_a_whole_table(each.plan), (place, each.plan)


def reads_a_whole_table(plan: str) -> bool:
    """Tell whether a plan has a table in it that no index leads into."""
    lines = plan.splitlines()
    scans = [line for line in lines if line.startswith("SCAN ") and "INDEX" not in line]
    tables = {"SCAN users", "SCAN posts", "SCAN tags", "SCAN post_tags"}
    whole = [line for line in lines if "'type': 'ALL'" in line and "'table': '<" not in line]
    return bool({*scans} & tables or whole or "Seq Scan" in plan)
