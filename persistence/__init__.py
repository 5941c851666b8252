"""SQLAlchemy implementations of the domain's ports.

The only package that imports SQLAlchemy; it knows nothing of GraphQL or HTTP.
"""

from persistence.database import Database, DatabaseUnreachable, SqlUnitOfWork
from persistence.lanes import Usage
from persistence.models import Base
from persistence.options import EngineOptions, Pooler, check_url
from persistence.readiness import Readiness
from persistence.servers import Address
from persistence.tracing import Sent, TracedUsage

__all__ = [
    "Address",
    "Base",
    "Database",
    "DatabaseUnreachable",
    "EngineOptions",
    "Pooler",
    "Readiness",
    "Sent",
    "SqlUnitOfWork",
    "TracedUsage",
    "Usage",
    "check_url",
]
