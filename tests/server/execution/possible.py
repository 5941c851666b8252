"""Every error that an operation may have, and what each would null.

Where several fields fail under one that may be null, graphql-core answers with the first: it
cancels the others, or takes no note of what they fail with later. Which one is the first depends
on what each waits for. What it does guarantee (`CollectedErrors`, `gather_with_cancel` and
`settle_in_background` in `graphql/execution`) is this:

- The data: a place is null that may be, wherever something fails that is not null in between.
- One error for each such place that shows, any of those that would null it.
- Within such a place, at most one error for each that would have been null already.
- All of it alike in each run, where no resolver has anything to wait for.

The errors that there could be are found by running the operation with
`@experimental_disableErrorPropagation`'s behaviour: then nothing that fails ends anything else.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import strawberry
from graphql import GraphQLError, default_field_resolver, default_type_resolver, is_non_null_type
from graphql.error import located_error
from graphql.pyutils import Path
from strawberry.execution import optimized_is_awaitable

from tests.server.execution.keys import Key, key_of
from tests.server.execution.running import Operation

Position: TypeAlias = tuple[str | int, ...]


@dataclass(slots=True)
class Possible:
    """What may go wrong in an operation."""

    errors: list[tuple[Key, Position]] = field(default_factory=list)
    """Each with what it would null."""

    is_sure: bool = False
    """Whether nothing waits, so that there is only one answer."""

    def complaints(self, errors: Counter[Key]) -> list[str]:
        """Say what is wrong with the errors of an answer."""
        nulled: dict[Key, Counter[Position]] = defaultdict(Counter)
        for key, position in self.errors:
            nulled[key][position] += 1
        told = Counter(position for key in errors for position in nulled.get(key, ()))
        only = Counter(next(iter(nulled[key])) for key in errors if len(nulled.get(key, ())) == 1)
        return [
            *(f"an error that can't be: {key}" for key in errors if key not in nulled),
            *(
                f"told {count} times: {key}"
                for key, count in errors.items()
                if key in nulled and count > len(nulled[key])
            ),
            *(f"no error for the null at {position}" for position in self.shown() - told.keys()),
            *(
                f"{count} errors for the null at {each}"
                for each, count in only.items()
                if count > 1
            ),
        ]

    def shown(self) -> set[Position]:
        """The nulls that are not within larger ones."""
        nulled = {position for _, position in self.errors}
        return {
            each
            for each in nulled
            if not any(each[:length] in nulled for length in range(len(each)))
        }


async def possible_errors(
    schema: strawberry.Schema, operation: Operation, context: Any
) -> Possible:
    """Find what may go wrong in an operation."""
    found = Possible()
    is_nullable: dict[Position, bool] = {(): True}
    raised: list[tuple[GraphQLError, Position]] = []

    class Recorder(schema.execution_context_class):  # type: ignore[name-defined,misc] # graphql-core's executor
        """Goes on after each error."""

        def complete_value(
            self, return_type: Any, field_details_list: Any, info: Any, path: Path, *rest: Any
        ) -> Any:
            position = tuple(path.as_list())
            is_nullable.setdefault(position, not is_non_null_type(return_type))
            return super().complete_value(return_type, field_details_list, info, path, *rest)

        def handle_field_error(
            self, raw_error: Any, return_type: Any, field_details_list: Any, path: Path
        ) -> None:
            nodes = [details.node for details in field_details_list]
            position = tuple(path.as_list())
            is_nullable.setdefault(position, not is_non_null_type(return_type))
            raised.append((located_error(raw_error, nodes, path.as_list()), position))

    def nullable(position: Position) -> Position:
        while not is_nullable[position]:
            position = position[:-1]
        return position

    executor = Recorder(
        schema._schema,  # noqa: SLF001 (Strawberry offers no other way)
        operation.fragments,
        operation.fragment_details,
        root_value=None,
        context_value=context,
        operation=operation.node,
        variable_values=operation.variables,
        field_resolver=default_field_resolver,
        type_resolver=default_type_resolver,
        subscribe_field_resolver=default_field_resolver,
        is_awaitable=optimized_is_awaitable,
    )
    running = executor.execute_operation()
    found.is_sure = not optimized_is_awaitable(running)
    result = running if found.is_sure else await running
    while executor.background_futures:
        await asyncio.wait([*executor.background_futures])
    raised += [(error, ()) for error in result.errors or ()]  # which no field handled
    found.errors += [(key_of(error), nullable(position)) for error, position in raised]
    return found
