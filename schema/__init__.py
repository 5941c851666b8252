"""The GraphQL API: one file per topic, and what they share.

Knows the domain and nothing else of ours: no SQLAlchemy, no Starlette.
"""

from datetime import datetime

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.errors import ErrorPolicy
from schema.ids import NodeQuery
from schema.posts import PostQuery
from schema.scalars import DateTime
from schema.tags import TagQuery
from schema.users import UserQuery
from schema.validation import InputChecks

__all__ = ["schema"]


@strawberry.type(description="The root of every read.")
class Query(NodeQuery, UserQuery, PostQuery, TagQuery):
    pass


class Schema(strawberry.Schema):
    """A schema whose errors `ErrorPolicy` logs, and nothing else."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leave the errors alone."""


schema = Schema(
    query=Query,
    config=StrawberryConfig(scalar_map={datetime: DateTime}),
    extensions=[ErrorPolicy, InputChecks],
)
