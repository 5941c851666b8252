"""The GraphQL API: one file per topic, and what they share.

Knows the domain and nothing else of ours: no SQLAlchemy, no Starlette.
"""

from datetime import datetime

import strawberry
from strawberry.schema.config import StrawberryConfig

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

__all__ = ["schema"]


@strawberry.type(description="The root of every read.")
class Query(NodeQuery, UserQuery, PostQuery, TagQuery, SessionQuery):
    pass


@strawberry.type(description="The root of every change: each field is a transaction of its own.")
class Mutation(AccountMutation, SessionMutation, UserMutation, PostMutation, CommentMutation):
    pass


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(scalar_map={datetime: DateTime}),
    exception_handlers=EXCEPTION_HANDLERS,
)
