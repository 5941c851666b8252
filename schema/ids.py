"""Global IDs: the keys inside them, and the way back to what they name."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Callable
from typing import Annotated, Any

import strawberry

import domain
from schema.context import Info
from schema.cursors import MAX_KEY
from schema.errors import BadRequest
from schema.promises import Promise
from schema.sizes import OneForEach, loads
from schema.views import made_by, reads

MAX_IDS = 100
PLAIN_ID = re.compile(r"([A-Z][A-Za-z]*):([1-9][0-9]{0,18})")

Id = Annotated[strawberry.ID, strawberry.argument(description="The ID of anything.")]
Ids = Annotated[
    list[strawberry.ID], strawberry.argument(description=f"The IDs of up to {MAX_IDS} things.")
]


def encode_id(type_name: str, key: int) -> strawberry.ID:
    """Make a key global and opaque, so that clients do not come to rely on its parts."""
    return b2a_base64(f"{type_name}:{key}".encode(), newline=False).decode()  # type: ignore[return-value] # every ID is made here


def decode_id(global_id: str, argument: str) -> tuple[str, int]:
    """Read the type's name and the key in a global ID; raises `BadRequest`."""
    try:
        plain = PLAIN_ID.fullmatch(b64decode(global_id, validate=True).decode("ascii"))
    except ValueError:
        plain = None
    if plain is None or int(plain[2]) > MAX_KEY or encode_id(plain[1], int(plain[2])) != global_id:
        raise BadRequest(f"Argument `{argument}`: that is no ID of ours.")
    return plain[1], int(plain[2])


def key_of(global_id: str, type_name: str, argument: str) -> int:
    """Read the key in the global ID of one type; raises `BadRequest` for another's."""
    found, key = decode_id(global_id, argument)
    if found != type_name:
        raise BadRequest(f"Argument `{argument}`: expected the ID of a {type_name}, not a {found}.")
    return key


def load_node(info: Info, global_id: str, argument: str) -> Promise[Any]:
    """Load what a global ID names."""
    type_name, key = decode_id(global_id, argument)
    loader = info.context.loaders.of_type(type_name)
    if loader is None:
        raise BadRequest(f"Argument `{argument}`: a {type_name} is no Node.")
    return loader.load(key)


def id_of(root: strawberry.Parent[domain.Listed]) -> strawberry.ID:
    """Name an entity among all things."""
    return encode_id(type(root).__name__, root.id)


def ids_of(kind: type) -> Callable[[domain.Listed], strawberry.ID]:
    """Make what names entities of one class as `id_of` does, in less time."""
    plain_id = f"{kind.__name__}:%d".encode()

    def encoded(entity: domain.Listed) -> strawberry.ID:
        return b2a_base64(plain_id % entity.id, newline=False).decode()  # type: ignore[return-value] # as in `encode_id`

    return encoded


@strawberry.interface(description="Anything with an ID that is unique among all things.")
class Node:
    id: strawberry.ID = strawberry.field(
        resolver=id_of,
        description="Global and opaque; `node` finds the same thing by it.",
        metadata={**made_by(ids_of), **reads()},
    )


@strawberry.type
class NodeQuery:
    @strawberry.field(
        description="What has this ID; null if nothing has that the viewer may see.",
        graphql_type=Node | None,
    )
    def node(self, info: Info, id: Id) -> Promise[Any]:
        return load_node(info, id, "id")

    @strawberry.field(
        description="What has these IDs, or null for each, in the order asked.",
        graphql_type=list[Node | None],
        metadata=loads(OneForEach("ids")),
    )
    def nodes(self, info: Info, ids: Ids) -> list[Promise[Any]]:
        if len(ids) > MAX_IDS:
            raise BadRequest(f"Argument `ids`: at most {MAX_IDS} at once.")
        return [load_node(info, global_id, "ids") for global_id in ids]
