"""The GraphQL API: one file per topic, and what they share.

Knows the domain and nothing else of ours: no SQLAlchemy, no Starlette.
"""

from datetime import datetime

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.errors import ErrorPolicy
from schema.freshness import LatestForMutations
from schema.ids import NodeQuery
from schema.mutations.accounts import AccountMutation
from schema.mutations.comments import CommentMutation
from schema.mutations.posts import PostMutation
from schema.mutations.sessions import SessionMutation
from schema.mutations.users import UserMutation
from schema.posts import PostQuery
from schema.results import EXCEPTION_HANDLERS
from schema.scalars import DateTime
from schema.sessions import SessionQuery
from schema.tags import TagQuery
from schema.users import UserQuery
from schema.validation import InputChecks

__all__ = ["schema"]


@strawberry.type(description="The root of every read.")
class Query(NodeQuery, UserQuery, PostQuery, TagQuery, SessionQuery):
    pass


@strawberry.type(description="The root of every change: each field is a transaction of its own.")
class Mutation(AccountMutation, SessionMutation, UserMutation, PostMutation, CommentMutation):
    pass


class Schema(strawberry.Schema):
    """A schema whose errors `ErrorPolicy` logs, and nothing else."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leave the errors alone."""


schema = Schema(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(scalar_map={datetime: DateTime}),
    extensions=[ErrorPolicy, InputChecks, LatestForMutations],
    exception_handlers=EXCEPTION_HANDLERS,
)
