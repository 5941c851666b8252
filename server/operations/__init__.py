"""GraphQL operations before they run: read, measured, validated, priced, and refused in time."""

from server.operations.documents import Refused, hash_of
from server.operations.limits import OperationLimits
from server.operations.operations import Operation, Operations

__all__ = ["Operation", "OperationLimits", "Operations", "Refused", "hash_of"]
