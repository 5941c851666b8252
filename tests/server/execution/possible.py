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
from collections import Counter
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
        complaints = []
        nulled: dict[Key, list[Position]] = {}
        for key, position in self.errors:
            nulled.setdefault(key, []).append(position)
        for key, count in errors.items():
            if count > len(nulled.get(key, ())):
                complaints.append(f"an error that can't be: {key}")
        told = Counter[Position]()
        for key, count in errors.items():
            told.update({position: count for position in nulled.get(key, ())})
        for position in {position for _, position in self.errors}:
            if is_shown(position, self.errors) and not told[position]:
                complaints.append(f"no error for the null at {position}")
        only = {key: positions[0] for key, positions in nulled.items() if len(positions) == 1}
        per_position = Counter(only[key] for key in errors if key in only)
        complaints += [
            f"{count} errors for the null at {position}"
            for position, count in per_position.items()
            if count > 1
        ]
        return complaints


def is_shown(position: Position, errors: list[tuple[Key, Position]]) -> bool:
    """Tell whether a null is not within a larger one."""
    nulled = {position for _, position in errors}
    return not any(position[:length] in nulled for length in range(len(position)))


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
    for error in result.errors or ():  # the root's, which are handled by nobody else
        raised.append((error, ()))
    for error, position in raised:
        while not is_nullable[position]:
            position = position[:-1]  # noqa: PLW2901 (the climb)
        found.errors.append((key_of(error), position))
    return found
