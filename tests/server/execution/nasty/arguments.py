"""Fields that tell what they were given, in arguments of every type, and what they know."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry.types.nodes import Selection

from tests.server.execution.nasty.kinds import Colour, Even, Size
from tests.server.execution.nasty.outcomes import after

Text = Annotated[str | None, strawberry.argument(description="A text.", deprecation_reason="No.")]


@strawberry.input
class Inner:
    size: Size = Size.SMALL
    even: Even | None = strawberry.UNSET
    tags: list[str | None] | None = strawberry.field(default_factory=lambda: ["a"])
    deep: Inner | None = None


@strawberry.input
class Filter:
    required: int
    nested: Inner = strawberry.field(default_factory=lambda: Inner(size=Size.LARGE))
    many: list[Inner] | None = strawberry.UNSET
    colours: list[Colour] = strawberry.field(default_factory=lambda: [Colour.RED, Colour.BLUE])
    other_name: str | None = strawberry.field(name="renamed", default=None)
    perhaps: strawberry.Maybe[int | None]
    old: int | None = strawberry.field(default=None, deprecation_reason="It is old.")


@strawberry.input(one_of=True)
class By:
    id: strawberry.ID | None = strawberry.UNSET
    name: str | None = strawberry.UNSET
    inner: Inner | None = strawberry.UNSET


def told(**given: Any) -> str:
    """What a resolver was given, as Python writes it."""
    return repr(given)


def selected(selections: list[Selection]) -> str:
    """What `info` says was selected."""
    return repr(selections)


@strawberry.type
class Told:
    """What a field was given and knows of itself."""

    said: str

    @strawberry.field
    def scalars(
        self,
        a: int = 3,
        b: float | None = 1.5,
        c: str | None = None,
        d: bool | None = strawberry.UNSET,
        e: strawberry.ID = strawberry.ID("7"),  # noqa: B008 (immutable)
    ) -> str:
        return told(a=a, b=b, c=c, d=d, e=e)

    @strawberry.field
    async def required(self, a: int, b: list[int], c: Colour, d: str | None = "default") -> str:
        return await after(1, lambda: told(a=a, b=b, c=c, d=d))

    @strawberry.field
    def lists(
        self,
        a: list[int] | None = None,
        b: list[list[int | None] | None] | None = strawberry.UNSET,
        c: list[strawberry.ID] = [strawberry.ID("x")],  # noqa: B006, B008 (Strawberry copies it)
    ) -> str | None:
        return told(a=a, b=b, c=c)

    @strawberry.field
    def customs(
        self,
        a: Even | None = None,
        b: Colour | None = Colour.GREEN,
        c: datetime | None = None,
        d: Decimal | None = None,
        e: date | None = None,
        f: strawberry.scalars.JSON | None = None,
    ) -> str:
        return told(a=a, b=b, c=c, d=d, e=e, f=f)

    @strawberry.field
    def inputs(
        self,
        info: strawberry.Info,
        filter: Filter | None = None,
        by: By | None = None,
        inner: Inner = Inner(),  # noqa: B008 (nobody changes it)
        perhaps: strawberry.Maybe[str | None] = None,
    ) -> str:
        return f"{info.python_name}: {told(filter=filter, by=by, inner=inner, perhaps=perhaps)}"

    @strawberry.field
    async def by(self, by: By) -> Told:
        return Told(said=told(by=by))

    @strawberry.field(name="renamedField")
    def of_other_name(
        self,
        in_python: Annotated[int, strawberry.argument(name="inGraphQL")] = 1,
        text: Text = None,
    ) -> str:
        return told(in_python=in_python, text=text)

    @strawberry.field
    def where(self, info: strawberry.Info) -> str:
        path = info.path.as_list()
        typenames, prev = [], info.path
        while prev is not None:
            typenames.append(prev.typename)
            prev = prev.prev  # type: ignore[assignment] # the last has none
        return repr((path, typenames, info.field_name, info.python_name, str(info.return_type)))

    @strawberry.field
    async def what(self, info: strawberry.Info, a: int | None = 1) -> Told:
        return Told(said=selected(info.selected_fields))

    @strawberry.field
    def whose(self, info: strawberry.Info) -> list[str]:
        raw = info._raw_info  # noqa: SLF001 (so do extensions)
        return [
            repr(info.variable_values),
            repr(info.context.name),
            repr(info.root_value),
            str(info.operation.name and info.operation.name.value),
            repr(sorted(raw.fragments)),
            f"{raw.parent_type} {raw.return_type} {len(raw.field_nodes)}",
            repr([raw.is_awaitable(each) for each in (1, after, raw)]),
            str(info.schema.__class__.__name__),
        ]
