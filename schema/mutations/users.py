"""Changing one's profile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

import domain
from schema.connections import given
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
        context, viewer = info.context, domain.signed_in(info.context.work.viewer)
        if given(input.username) is not None or given(input.email) is not None:
            await context.accounts.limits.claim(context.client.address)

        async def write(work: domain.UnitOfWork) -> domain.User:
            user = await work.users.get_for_update(viewer.id)
            user = user.edit(
                username=given(input.username),
                email=given(input.email),
                display_name=given(input.display_name),
                bio=given(input.bio),
                at=datetime.now(UTC),
            )
            await work.users.update(user)
            return user

        return UpdateProfilePayload(user=await context.transaction(write))
