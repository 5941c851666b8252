"""Changing one's profile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

import domain
from schema.arguments import given
from schema.context import Info
from schema.results import AlreadyTaken, InvalidInput
from schema.users import User


@strawberry.input(description="Changes to a profile; what is left out or null stays as it is.")
class UpdateProfileInput:
    display_name: str | None = strawberry.field(
        default=UNSET, description="Another name to show: one line of 1 to 100 characters."
    )
    bio: str | None = strawberry.field(
        default=UNSET, description="What to say of oneself, up to 2,000 characters."
    )
    email: str | None = strawberry.field(
        default=UNSET, description="Another address, that nobody else signed up with."
    )
    username: str | None = strawberry.field(
        default=UNSET, description="Another username, that nobody else has."
    )


@strawberry.type(description="What came of changing a profile.")
class UpdateProfilePayload:
    user: domain.User = strawberry.field(graphql_type=User, description="The viewer as they are.")


UpdateProfileResult = Annotated[
    UpdateProfilePayload | InvalidInput | AlreadyTaken,
    strawberry.union("UpdateProfileResult", description="The changed user, or why not."),
]
UpdateProfileArgument = Annotated[
    UpdateProfileInput, strawberry.argument(description="What changes.")
]


@strawberry.type
class UserMutation:
    @strawberry.mutation(
        description="Change the viewer's own profile.", graphql_type=UpdateProfileResult
    )
    async def update_profile(
        self, info: Info, input: UpdateProfileArgument
    ) -> UpdateProfilePayload:
        context, viewer = info.context, info.context.signed_in()
        edit = context.accounts.edit_profile(
            context.work,
            viewer.id,
            context.client,
            username=given(input.username),
            email=given(input.email),
            display_name=given(input.display_name),
            bio=given(input.bio),
            at=datetime.now(UTC),
        )
        return UpdateProfilePayload(user=await context.changed(edit))
