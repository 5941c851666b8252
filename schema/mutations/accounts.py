"""Signing up, in and out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Self

import strawberry
from strawberry import UNSET

import domain
from schema.arguments import given
from schema.context import Info
from schema.results import AlreadyTaken, InvalidInput, WrongCredentials
from schema.users import User


@strawberry.type(description="What someone who was let in is given.")
class Admission:
    user: domain.User = strawberry.field(graphql_type=User, description="Who was let in.")
    token: str = strawberry.field(
        description="What proves who they are, as `Authorization: Bearer …`; shown this once."
    )
    expires_at: datetime = strawberry.field(description="Until when the token is good.")

    @classmethod
    def of(cls, admission: domain.Admission) -> Self:
        """Show an admission."""
        return cls(
            user=admission.user,
            token=admission.token,
            expires_at=admission.session.expires_at,
        )


@strawberry.input(description="Who is signing up.")
class SignUpInput:
    username: str = strawberry.field(
        description="3 to 50 of a-z, 0-9 and _, which nobody else has; capitals become small."
    )
    email: str = strawberry.field(description="An address that nobody signed up with yet.")
    password: str = strawberry.field(description="12 to 1,024 characters; it is not trimmed.")
    display_name: str | None = strawberry.field(
        default=UNSET,
        description="The name to show: one line of 1 to 100 characters; the username if unset.",
    )


@strawberry.type(description="What came of signing up.")
class SignUpPayload(Admission):
    pass


SignUpResult = Annotated[
    SignUpPayload | InvalidInput | AlreadyTaken,
    strawberry.union("SignUpResult", description="The new user, signed in, or why not."),
]
SignUpArgument = Annotated[SignUpInput, strawberry.argument(description="Who is signing up.")]


@strawberry.input(description="Who is signing in.")
class SignInInput:
    login: str = strawberry.field(description="A username or an address, whatever the case.")
    password: str = strawberry.field(description="The password that goes with it.")


@strawberry.type(description="What came of signing in.")
class SignInPayload(Admission):
    pass


SignInResult = Annotated[
    SignInPayload | WrongCredentials,
    strawberry.union("SignInResult", description="The user, signed in, or why not."),
]
SignInArgument = Annotated[SignInInput, strawberry.argument(description="Who is signing in.")]


@strawberry.type
class AccountMutation:
    @strawberry.mutation(
        description="Make an account and sign in; what follows in the document is the user's.",
        graphql_type=SignUpResult,
    )
    async def sign_up(self, info: Info, input: SignUpArgument) -> SignUpPayload:
        context, now = info.context, datetime.now(UTC)
        user = domain.NewUser.sign_up(
            username=input.username,
            email=input.email,
            password=input.password,
            display_name=given(input.display_name),
            at=now,
        )
        admission = await context.accounts.sign_up(
            context.work, user, input.password, context.client, at=now
        )
        context.act_as(admission.viewer)
        return SignUpPayload.of(admission)

    @strawberry.mutation(
        description="Sign in; what follows in the document is the user's.",
        graphql_type=SignInResult,
    )
    async def sign_in(self, info: Info, input: SignInArgument) -> SignInPayload:
        context, now = info.context, datetime.now(UTC)
        admission = await context.accounts.sign_in(
            context.work, input.login, input.password, context.client, at=now
        )
        context.act_as(admission.viewer)
        return SignInPayload.of(admission)

    @strawberry.mutation(
        description="End the session of this request's token; false when there is none."
    )
    async def sign_out(self, info: Info) -> bool:
        context, caller = info.context, info.context.caller
        if caller is None or caller.session_id is None:
            return False
        session_id, user_id = caller.session_id, caller.id
        try:
            await context.transaction(
                lambda: context.work.sessions.delete(session_id, user_id=user_id)
            )
        except domain.NotFound:  # another request was faster
            ended = False
        else:
            ended = True
        if context.work.viewer == caller:
            context.act_as(None)
        return ended
