"""Sessions in the API: their type, and the list of the viewer's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import strawberry

import domain
from schema.context import Info
from schema.ids import id_of
from schema.sizes import AtMost, TextOf, holds, loads


@strawberry.type(description="A place where the viewer is signed in.")
class Session:
    id: strawberry.ID = strawberry.field(
        resolver=id_of, description="Global and opaque; `endSession` takes it."
    )
    created_at: datetime = strawberry.field(description="When the viewer signed in there.")
    expires_at: datetime = strawberry.field(description="When it ends by itself.")
    last_seen_at: datetime = strawberry.field(description="When it was last used, to the minute.")
    user_agent: str | None = strawberry.field(
        description="What the program there called itself, up to 500 characters of it.",
        metadata=holds(TextOf(domain.MAX_USER_AGENT_LENGTH)),
    )

    @strawberry.field(description="Whether it is the one that this request belongs to.")
    def is_current(root: strawberry.Parent[domain.Session], info: Info) -> bool:
        viewer = info.context.work.viewer
        return viewer is not None and viewer.session_id == root.id


@strawberry.type
class SessionQuery:
    @strawberry.field(
        description="Where the viewer is signed in, newest first.",
        graphql_type=list[Session],
        metadata=loads(AtMost(domain.MAX_SESSIONS)),
    )
    async def sessions(self, info: Info) -> Sequence[domain.Session]:
        work, viewer = info.context.work, info.context.signed_in()
        return await work.sessions.get_many_by_user(viewer.id, at=datetime.now(UTC))
