"""GraphQL operations before they run: read, measured, validated, priced, and refused in time."""

from server.operations.documents import Refused
from server.operations.limits import Limits
from server.operations.operations import Operation, Operations

__all__ = ["Limits", "Operation", "Operations", "Refused"]
