"""Resolvers with exception handlers, which make of an error the value of their field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.utils.await_maybe import await_maybe

from server.execution.inputs import Converters, converted

Handlers: TypeAlias = Sequence[
    tuple[tuple[type[Exception], ...], strawberry.ExceptionHandler[Any, Any]]
]
"""The handlers that a field has, each with the errors that it is for."""


class HandledResolver:
    """Calls a resolver that is awaited, and its field's handlers if it or an argument fails.

    As with Strawberry, a handler that returns null has declined: the error goes on, and no other
    handler is asked.
    """

    def __init__(self, field: StrawberryField, handlers: Handlers, converters: Converters) -> None:
        resolver = field.base_resolver
        assert resolver is not None  # noqa: S101 (nothing else is awaited)
        self._field = field
        self._resolver = resolver
        self._handlers = handlers
        self._converters = converters
        roots = (resolver.parent_parameter, resolver.root_parameter)
        self._root_names = {each.name for each in roots if each is not None}

    async def __call__(
        self, source: Any, info: strawberry.Info[Any, Any], arguments: dict[str, Any]
    ) -> Any:
        """Resolve the field with arguments as graphql-core reads them."""
        try:
            return await self._resolver(*self._own(source), **self._named(source, info, arguments))
        except Exception as error:
            handled = await self._handled(error, info)
            if handled is None:
                raise
            return handled

    def _own(self, source: Any) -> Sequence[Any]:
        return [source] if self._resolver.self_parameter else []

    def _named(
        self, source: Any, info: strawberry.Info[Any, Any], arguments: dict[str, Any]
    ) -> dict[str, Any]:
        given = converted(self._converters, arguments)
        given.update(dict.fromkeys(self._root_names, source))
        if self._resolver.info_parameter is not None:
            given[self._resolver.info_parameter.name] = info
        return given

    async def _handled(self, error: Exception, info: strawberry.Info[Any, Any]) -> Any:
        for errors, handler in self._handlers:
            if isinstance(error, errors):
                return await await_maybe(handler.handle(error, field=self._field, info=info))
        return None
