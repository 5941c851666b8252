"""Fields that show what belongs to an entity, by one of its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import strawberry

from schema.batches import Loader
from schema.context import Info
from schema.loaders import Loaders
from schema.promises import Promise
from schema.views import RELATION, Relation, reads


def related(
    type_: Any,
    loader_of: Callable[[Loaders], Loader[Any, Any]],
    *,
    by: str,
    description: str,
    metadata: Mapping[str, Any] | None = None,
) -> Any:
    """Declare a field of this type that shows what a loader has for an attribute of the entity.

    A plan asks the loader for all entities of a list at once.
    """

    def resolve(root: strawberry.Parent[Any], info: Info) -> Promise[Any]:
        return loader_of(info.context.loaders).load(getattr(root, by))

    relation = Relation(by, lambda context: loader_of(context.loaders).load)
    return strawberry.field(
        resolver=resolve,
        graphql_type=type_,
        description=description,
        metadata={**(metadata or {}), **reads(by), RELATION: relation},
    )
