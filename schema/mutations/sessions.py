"""Ending sessions."""

from __future__ import annotations

from typing import Annotated

import strawberry

import domain
from schema.context import Info
from schema.ids import key_of
from schema.results import NotFound


@strawberry.input(description="A session to end.")
class EndSessionInput:
    id: strawberry.ID = strawberry.field(description="One of the viewer's sessions.")


@strawberry.type(description="What came of ending a session.")
class EndSessionPayload:
    ended_id: strawberry.ID = strawberry.field(description="The ID that the session had.")


EndSessionResult = Annotated[
    EndSessionPayload | NotFound,
    strawberry.union("EndSessionResult", description="The session's ID, or why not."),
]
EndSessionArgument = Annotated[EndSessionInput, strawberry.argument(description="Which session.")]


@strawberry.type
class SessionMutation:
    @strawberry.mutation(
        description="Sign the viewer out somewhere: its token is no good from now on.",
        graphql_type=EndSessionResult,
    )
    async def end_session(self, info: Info, input: EndSessionArgument) -> EndSessionPayload:
        context = info.context
        viewer = context.signed_in()
        session_id = domain.SessionId(key_of(input.id, "Session", "input.id"))
        await context.transaction(
            lambda: context.work.sessions.delete(session_id, user_id=viewer.id)
        )
        if session_id == viewer.session_id:
            context.act_as(None)
        return EndSessionPayload(ended_id=input.id)
